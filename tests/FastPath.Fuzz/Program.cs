using System;
using System.Collections.Generic;
using System.IO;
using FastPath.Fuzz;
using FastPath.Fuzz.Targets;

const string Usage = """
    usage: ./fp fuzz [TARGET] [--seconds N] [--seed N] [--input FILE]
      TARGET        one of the targets; all when left out
      --seconds N   time for all targets together (60); half of it goes to the whole graph
      --seed N      seed of the mutations (1)
      --input FILE  runs one input of an earlier failure
    """;

string? only = null;
string? file = null;
double seconds = 60;
ulong seed = 1;
for (int n = 0; n < args.Length; n++)
{
    switch (args[n])
    {
        case "--seconds" when n + 1 < args.Length && double.TryParse(args[n + 1], out seconds): n++; break;
        case "--seed" when n + 1 < args.Length && ulong.TryParse(args[n + 1], out seed): n++; break;
        case "--input" when n + 1 < args.Length: file = args[++n]; break;
        case { } name when !name.StartsWith('-') && only == null: only = name; break;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

Func<Target>[] all = [() => new CanaryTarget(), () => new ArpTarget(), () => new Ip4OptionsTarget(), () => new Ip6ExtensionsTarget(),
    () => new NdOptionsTarget(), () => new FlowHashTarget(), () => new AddressTextTarget(), () => new CaptureTarget(),
    () => new GraphTarget()];
List<Target> targets = [];
foreach (Func<Target> make in all)
{
    Target target = make();
    if (only == null || target.Name == only)
        targets.Add(target);
    else
        target.Dispose();
}

if (targets.Count == 0 || (file != null && only == null))
{
    Console.Error.WriteLine($"{only ?? "no"} target\n{Usage}");
    return 2;
}

int failed = 0;
foreach (Target target in targets)
{
    using (target)
        failed += Run(target) ? 0 : 1;
}

Console.WriteLine($"FastPath.Fuzz  Total: {targets.Count}, Errors: 0, Failed: {failed}, Skipped: 0, seed {seed}");
return failed == 0 ? 0 : 1;

// The canary passes by failing.
bool Run(Target target)
{
    double share = only != null ? 1 : target is GraphTarget ? 0.5 : 0.5 / (targets.Count - 1);
    Fuzzer fuzzer = new(target, seed, Path.Combine("artifacts", "fuzz"));
    if (file != null)
        fuzzer.TryInput(File.ReadAllBytes(file));
    else
        fuzzer.Run(TimeSpan.FromSeconds(seconds * share));
    bool isCanary = target is CanaryTarget;
    bool passes = fuzzer.Failure == null != isCanary;
    string result = isCanary
        ? passes ? "canary found" : "CANARY NOT FOUND"
        : passes ? "no fault" : $"FAILED {fuzzer.Failure}";
    Console.WriteLine($"{target.Name}: {fuzzer.Inputs} inputs, {result}");
    return passes;
}
