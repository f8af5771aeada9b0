using System;
using System.Diagnostics;
using System.IO;
using FastPath.Dataplane.Ports;

namespace FastPath.Fuzz;

/// <summary>Runs one target: its seeds, and mutations of them until time is up or something is wrong.</summary>
internal sealed class Fuzzer(Target target, ulong seed, string failures)
{
    /// <summary>Inputs tried.</summary>
    public long Inputs { get; private set; }

    /// <summary>What went wrong first; null when nothing did.</summary>
    public string? Failure { get; private set; }

    public void Run(TimeSpan time)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Mutator mutator = new(new SeededRandom(seed), target.Seeds);
        // Every seed runs, each with a mutation beside it: on a slow machine the seeds alone would take all the time.
        foreach (byte[] input in target.Seeds)
            if (!TryInput([.. input]) || !TryInput(mutator.Next()))
                return;
        while (watch.Elapsed < time && TryInput(mutator.Next()))
        {
        }
    }

    /// <summary>Runs one input, of a file for example.</summary>
    public bool TryInput(byte[] input)
    {
        Inputs++;
        try
        {
            target.Run(input);
            return true;
        }
        catch (Exception e)
        {
            Failure = $"{e.GetType().Name}: {e.Message}\n  input {Save(input)}\n  {Convert.ToHexString(input)}";
            return false;
        }
    }

    private string Save(byte[] input)
    {
        Directory.CreateDirectory(failures);
        string path = Path.Combine(failures, $"{target.Name}-{seed}-{Inputs}.bin");
        File.WriteAllBytes(path, input);
        return path;
    }
}
