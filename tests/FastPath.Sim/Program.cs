using System;
using System.Collections.Generic;
using System.Diagnostics;
using FastPath.Dataplane.Ports;
using FastPath.Sim;
using FastPath.Tests.Packets;

const string Usage = """
    usage: ./fp sim [--seed N] [--seeds N] [--steps N] [--only N,N,...] [--self-test]
      --seed N      first seed (1); alone it runs that seed only
      --seeds N     how many seeds (20)
      --steps N     steps of each (200)
      --only LIST   these steps only, as a failure prints them
      --self-test   plants faults, which must be found
    """;

ulong firstSeed = 1;
int seeds = 0;
int stepCount = 200;
bool isOneSeed = false;
bool isSelfTest = false;
List<int>? only = null;
for (int n = 0; n < args.Length; n++)
{
    switch (args[n])
    {
        case "--seed" when n + 1 < args.Length && ulong.TryParse(args[n + 1], out firstSeed): isOneSeed = true; n++; break;
        case "--seeds" when n + 1 < args.Length && int.TryParse(args[n + 1], out seeds) && seeds > 0: n++; break;
        case "--steps" when n + 1 < args.Length && int.TryParse(args[n + 1], out stepCount) && stepCount > 0: n++; break;
        case "--only" when n + 1 < args.Length:
            only = [.. Array.ConvertAll(args[++n].Split(','), int.Parse)];
            break;
        case "--self-test": isSelfTest = true; break;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

List<int> steps = only ?? [];
for (int step = 0; only == null && step < stepCount; step++)
    steps.Add(step);
IReadOnlyList<byte[]> captured = Frames();
return isSelfTest ? SelfTest() : RunSeeds(seeds != 0 ? seeds : isOneSeed ? 1 : 20);

int RunSeeds(int count)
{
    Stopwatch watch = Stopwatch.StartNew();
    Tally total = new();
    int failed = 0;
    for (ulong seed = firstSeed; seed < firstSeed + (ulong)count; seed++)
    {
        using Scenario scenario = new(seed, captured, planted: null);
        Failure? failure = Run(scenario, steps);
        total.Add(scenario.Tally);
        Console.WriteLine($"seed {seed}: {scenario.Tally.Steps} steps, {scenario.Tally.Packets} packets in, "
            + $"{scenario.Tally.Outputs} out, {scenario.Tally.Changes} changes, {scenario.Tally.Faults} faults, "
            + $"digest {scenario.Digest.Value:x16}{(failure == null ? "" : " FAILED")}");
        if (failure == null)
            continue;
        failed++;
        Report(failure, planted: null);
    }

    Console.WriteLine($"{total.Packets} packets in, {total.Outputs} out, {total.Changes} changes, {total.Faults} faults; "
        + $"{total.LooseSteps} of {total.Steps} steps met a limit and were judged by accounts and tables alone");
    Console.WriteLine($"FastPath.Sim  Total: {count}, Errors: 0, Failed: {failed}, Skipped: 0, Time: {watch.Elapsed.TotalSeconds:f1}s");
    return failed == 0 ? 0 : 1;
}

// Each planted fault must be found within a few seeds; the kinds are those of SimulatedSwitch and ReferenceSwitch.
int SelfTest()
{
    string[] plants = ["ttl", "silent-drop", "leak", "account", "bit"];
    int failed = 0;
    foreach (string planted in plants)
    {
        Failure? found = null;
        for (ulong seed = firstSeed; found == null && seed < firstSeed + 5; seed++)
        {
            using Scenario scenario = new(seed, captured, planted);
            found = Run(scenario, steps);
        }

        failed += found == null ? 1 : 0;
        string what = found == null ? "NOT FOUND" : found.ToString().Split('\n')[0];
        Console.WriteLine($"planted {planted}: {what}");
    }

    Console.WriteLine($"FastPath.Sim  Total: {plants.Length}, Errors: 0, Failed: {failed}, Skipped: 0, self-test");
    return failed == 0 ? 0 : 1;
}

void Report(Failure failure, string? planted)
{
    (List<int> fewer, Failure small) = Shrinker.Shrink(steps, failure, list =>
    {
        using Scenario scenario = new(failure.Seed, captured, planted);
        return Run(scenario, list);
    });
    Console.WriteLine($"FAILED {failure}");
    Console.WriteLine($"shrunk to {fewer.Count} steps: {small}");
    Console.WriteLine($"replay: ./fp sim --seed {failure.Seed} --only {string.Join(',', fewer)}");
}

static Failure? Run(Scenario scenario, List<int> steps)
{
    foreach (int step in steps)
        if (scenario.Step(step) is { } failure)
            return failure;
    return null;
}

static IReadOnlyList<byte[]> Frames()
{
    List<byte[]> frames = [];
    foreach (string path in Captures.Files())
    {
        try
        {
            using CaptureReader reader = CaptureReader.Open(path);
            for (int n = 0; n < 4 && reader.TryRead(out CapturedPacket packet); n++)
                if (packet.Bytes.Length is > 0 and < 9000)
                    frames.Add(packet.Bytes.ToArray());
        }
        catch (CaptureException)
        {
            // Other link types are no frames.
        }
    }

    return frames;
}
