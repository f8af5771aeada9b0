using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace FastPath.Tests.Xdp.Interop;

/// <summary>Offset and size of a field, bytes.</summary>
internal readonly record struct FieldPlace(int Offset, int Bytes);

/// <summary>What native/abi.c says about the C side: numbers, sizes and offsets as the C compiler sees them.</summary>
internal sealed class KernelAbi
{
    private KernelAbi()
    {
    }

    public Dictionary<string, ulong> Numbers { get; } = [];

    public Dictionary<string, int> Sizes { get; } = [];

    public Dictionary<string, FieldPlace> Fields { get; } = [];

    /// <summary>Names that the installed headers lack, and the kernel that brought each.</summary>
    public Dictionary<string, string> OwnDefinitions { get; } = [];

    public static KernelAbi Read()
    {
        KernelAbi abi = new();
        foreach (string line in Run(Path.Combine(Root(), "native", "build", "abi")).Split('\n'))
            abi.Add(line.Split(' '));
        return abi;
    }

    private void Add(string[] words)
    {
        switch (words)
        {
            case ["const", string name, string value]:
                Numbers.Add(name, ulong.Parse(value, CultureInfo.InvariantCulture));
                break;
            case ["struct", string name, string bytes]:
                Sizes.Add(name, int.Parse(bytes, CultureInfo.InvariantCulture));
                break;
            case ["field", string of, string name, string offset, string bytes]:
                Fields.Add($"{of}.{name}", new FieldPlace(
                    int.Parse(offset, CultureInfo.InvariantCulture), int.Parse(bytes, CultureInfo.InvariantCulture)));
                break;
            case ["own", string name, string kernel]:
                OwnDefinitions.Add(name, kernel);
                break;
        }
    }

    private static string Run(string program)
    {
        if (!File.Exists(program))
            throw new FileNotFoundException("run 'make -C native' first", program);
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {process.ExitCode}");
    }

    /// <summary>The repository that this test was built in.</summary>
    private static string Root()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory != null && !File.Exists(Path.Combine(directory, "FastPath.sln")))
            directory = Path.GetDirectoryName(directory);
        return directory ?? throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
