#!/usr/bin/env bash
# Compares chunk sizes of packet memory (DESIGN D5): IPv4 forwarding and the bridge in memory, full batches, the sizes in turn
# in each round so that a drift of the machine meets all of them alike. Prints the median of the rounds, ns for each packet.
#   perf/chunks.sh [ROUNDS] [OUT.json]     default: 5 rounds; a round takes about half a minute; the machine must be idle
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

rounds=${1:-5}
out=${2:-}
sizes=(2304 4032 4096)
scenarios=(ip4 bridge)
bench=artifacts/bin/FastPath.Benchmarks/release/FastPath.Benchmarks
[ -x "$bench" ] || { echo "perf/chunks.sh: build first: ./fp build" >&2; exit 1; }
all=$(mktemp)
one=$(mktemp)
trap 'rm -f "$all" "$one"' EXIT

for ((round = 0; round < rounds; round++)); do
    for scenario in "${scenarios[@]}"; do
        for ((n = 0; n < ${#sizes[@]}; n++)); do
            size=${sizes[(round + n) % ${#sizes[@]}]}
            "$bench" memory "$scenario" --batch 64 --chunk "$size" --json "$one" >/dev/null
            jq -c --argjson chunk "$size" --argjson round "$round" \
                '{chunk: $chunk, round: $round, machine} + (.results[0] | {scenario, nsPerPacket})' "$one" >>"$all"
        done
    done
done

jq -s '{kind: "chunks", machine: .[0].machine, rounds: map(del(.machine))}' "$all" >"$one"
[ -z "$out" ] || cp "$one" "$out"
jq -r '.rounds | group_by(.scenario, .chunk)[] | sort_by(.nsPerPacket) as $r
    | "\($r[0].scenario) \($r[0].chunk): \($r[($r | length) / 2 | floor].nsPerPacket * 100 | round / 100) ns"
    + " (\($r[0].nsPerPacket * 100 | round / 100) .. \($r[-1].nsPerPacket * 100 | round / 100))"' "$one"
