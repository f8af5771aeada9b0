#!/usr/bin/env bash
# The one command of this repository. Each verb installs what it needs on a Debian 12 that has only the .NET SDK.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"

readonly SDK_MAJOR=10
readonly PACKAGES=(clang llvm libbpf-dev libbpf1 gcc make libc6-dev iproute2 ethtool iperf3 iputils-ping tcpdump jq curl procps)
readonly LAB_PACKAGES=(python3 dpdk dpdk-dev openvswitch-switch)
readonly BIN=artifacts/bin

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
die() { say "fp: $*"; exit 1; }

# Runs a command as root: directly when we are, through sudo when there is one.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo --preserve-env=PATH,DOTNET_ROOT,FP_LONG,CI "$@"
    else
        die "'$1' needs root, and there is no sudo: run ./fp as root"
    fi
}

need_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "installing: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "${missing[@]}"
}

need_sdk() {
    local version get="curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel $SDK_MAJOR.0"
    [ -d "$HOME/.dotnet" ] && PATH="$PATH:$HOME/.dotnet" # where that script puts it
    version=$(dotnet --version 2>/dev/null) || version="none that global.json accepts"
    [ "${version%%.*}" = "$SDK_MAJOR" ] && return
    die "needs the .NET $SDK_MAJOR SDK (found: $version); get it with: $get"
}

build() {
    need_sdk
    need_packages "${PACKAGES[@]}"
    make -s -C native
    local locked=()
    [ -n "${CI:-}" ] && locked=(-p:RestoreLockedMode=true)
    dotnet build FastPath.sln -c Release -v quiet --nologo "${locked[@]}"
}

# Runs an xunit executable, adds its counts to the totals and shows its output when something failed.
passed=0 failed=0 skipped=0
suite() {
    local name=$1 log result=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 || result=$?
    local summary total=0 bad=0 skip=0
    summary=$(grep -E '^ *Total: [0-9]+|Total: [0-9]+, Errors' "$log" | tail -1 || true)
    if [ -n "$summary" ]; then
        total=$(sed -E 's/.*Total: ([0-9]+).*/\1/' <<<"$summary")
        bad=$(sed -E 's/.*Failed: ([0-9]+).*/\1/' <<<"$summary")
        bad=$((bad + $(sed -E 's/.*Errors: ([0-9]+).*/\1/' <<<"$summary")))
        skip=$(sed -E 's/.*Skipped: ([0-9]+).*/\1/' <<<"$summary")
    fi
    if [ "$result" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    if [ -z "$summary" ] && [ "$bad" -eq 0 ]; then bad=1; fi
    [ "$bad" -gt 0 ] && cat "$log"
    grep -E '\[SKIP\]' -A1 "$log" || true
    grep -oE 'count: [0-9]+ .*' "$log" || true
    printf '%s: %d passed, %d failed, %d skipped\n' "$name" $((total > bad + skip ? total - bad - skip : 0)) "$bad" "$skip"
    passed=$((passed + (total > bad + skip ? total - bad - skip : 0))) failed=$((failed + bad)) skipped=$((skipped + skip))
    rm -f "$log"
}

totals() {
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}

run_tests() {
    if [ "${1:-}" = --long ]; then
        export FP_LONG=1
        shift
    fi
    suite "unit tests" "$BIN/FastPath.Tests/release/FastPath.Tests" "$@"
    suite "unit tests without hardware intrinsics" env DOTNET_EnableHWIntrinsic=0 \
        "$BIN/FastPath.Tests/release/FastPath.Tests" -namespace 'FastPath.Tests.Net*' "$@"
    suite "simulation self-test" "$BIN/FastPath.Sim/release/FastPath.Sim" --self-test
    suite "simulation" "$BIN/FastPath.Sim/release/FastPath.Sim" --seeds "$([ -n "${FP_LONG:-}" ] && echo 200 || echo 6)"
    suite "fuzzing" "$BIN/FastPath.Fuzz/release/FastPath.Fuzz" --seconds "$([ -n "${FP_LONG:-}" ] && echo 600 || echo 10)"
    suite "kernel tests" as_root "$BIN/FastPath.Netns/release/FastPath.Netns" "$@"
}

# The measuring harness, perf/lab; its peers come from Debian.
lab() {
    need_packages "${LAB_PACKAGES[@]}"
    make -s -C perf/lab/native
    as_root env PYTHONPATH=perf/lab PYTHONDONTWRITEBYTECODE=1 python3 -m "$@"
}

# The latest results, as a table, between the marks in the README.
fill_readme() {
    local table mark='<!-- fp verify:'
    table=$(mktemp)
    lab fpverify "$@" >"$table"
    sed -i -e "/$mark begin -->/,/$mark end -->/{//!d}" -e "/$mark begin -->/r $table" README.md
    rm -f "$table"
}

demo() { as_root bash scripts/demo.sh; }

counted_demo() {
    local log
    log=$(mktemp)
    if demo >"$log" 2>&1; then
        printf 'demo: 1 passed\n'
        passed=$((passed + 1))
    else
        cat "$log"
        failed=$((failed + 1))
    fi
    rm -f "$log"
}

# Whitespace only: what else .editorconfig demands is an error of the build.
check_format() {
    local log
    log=$(mktemp)
    if timeout 600 dotnet format FastPath.sln whitespace --verify-no-changes --no-restore >"$log" 2>&1; then
        printf 'format: 1 passed\n'
        passed=$((passed + 1))
    else
        head -40 "$log"
        say "the format check failed: run 'dotnet format FastPath.sln whitespace'"
        failed=$((failed + 1))
    fi
    rm -f "$log"
}

tidy() {
    check_format
    suite "tidy" "$BIN/FastPath.Tests/release/FastPath.Tests" -namespace 'FastPath.Tests.Tidy*'
}

# Documents that are derived from the code; a test fails when they are old.
write_docs() {
    FP_DOCS=write "$BIN/FastPath.Tests/release/FastPath.Tests" -class FastPath.Tests.Tidy.GeneratedDocsTests >/dev/null
    git status --short docs 2>/dev/null || true
}

# Network namespaces of this run are gone when it ends: what is left fails the run, and is removed.
check_leftovers() {
    local space left=0
    for space in $(ip netns list 2>/dev/null | awk '{ print $1 }'); do
        case $'\n'"$spaces_before"$'\n' in *$'\n'"$space"$'\n'*) continue ;; esac
        case $space in fp*) ;; *) continue ;; esac
        [ -z "$(as_root ip netns pids "$space" 2>/dev/null)" ] || continue # another run's, at work
        say "left behind: network namespace $space"
        as_root ip netns del "$space" || true
        left=1
    done
    failed=$((failed + left)) passed=$((passed + 1 - left))
}

usage() {
    cat <<'TEXT'
usage: ./fp VERB
  demo             two containers talk through FastPath, about a minute
  test [--long]    unit tests, then tests against the kernel in namespaces (root)
  sim [ARGS]       the simulator: 20 seeds; see docs/TESTING.md
  fuzz [ARGS]      the fuzzer: a minute over all targets; see docs/TESTING.md
  build            native/ and src/
  run ARGS         fastpathd with ARGS (root)
  cli ARGS         the command line client
  bench WHAT       memory: ns per packet; walk: packet sets; tables (perf/method.md)
  lab [JOB]        FastPath and its peers at one job, on veths, interleaved (root)
  verify [AREA]    every promised figure, one a line (root; --long, --self-test, --readme)
  tidy             the format check and the tests of the repository's own rules
  docs             writes docs/NODES.md, DROPS.md and COUNTERS.md from the code
  ci               format check, build, tests, demo; the last line has the counts
  clean            removes what was built
TEXT
}

verb=${1:-help}
[ $# -gt 0 ] && shift
# One command a line: on the left of && and || errexit is off, in all that a function calls.
case $verb in
    build) build ;;
    demo)
        build
        demo
        ;;
    test)
        build
        run_tests "$@"
        totals
        ;;
    sim)
        build
        "$BIN/FastPath.Sim/release/FastPath.Sim" "$@"
        ;;
    fuzz)
        build
        "$BIN/FastPath.Fuzz/release/FastPath.Fuzz" "$@"
        ;;
    run)
        build
        as_root "$BIN/FastPath.Control/release/fastpathd" "$@"
        ;;
    bench)
        build
        "$BIN/FastPath.Benchmarks/release/FastPath.Benchmarks" "$@"
        ;;
    lab)
        build
        lab fplab "$@"
        ;;
    verify)
        build
        case " $* " in *" --readme "*) fill_readme "$@" ;; *) lab fpverify "$@" ;; esac
        ;;
    cli)
        build
        "$BIN/FastPath.Cli/release/fastpath" "$@"
        ;;
    tidy)
        build
        tidy
        totals
        ;;
    docs)
        build
        write_docs
        ;;
    ci)
        spaces_before=$(ip netns list 2>/dev/null | awk '{ print $1 }')
        build
        check_format
        run_tests
        counted_demo
        check_leftovers
        totals
        ;;
    clean) rm -rf artifacts native/build perf/lab/native/build ;;
    help | -h | --help) usage ;;
    *)
        usage
        exit 2
        ;;
esac
