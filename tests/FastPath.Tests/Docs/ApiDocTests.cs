using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using FastPath.Tests.Control.Rest;
using Xunit;

namespace FastPath.Tests.Docs;

public sealed class ApiDocTests
{
    [Fact]
    public async Task Every_command_of_the_API_guide_works_as_it_stands()
    {
        await using RestBench bench = await RestBench.Start();
        string guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "API.md"));
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Script(guide)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["FASTPATH_SOCKET"] = bench.SocketPath,
                ["FASTPATH_HOST"] = bench.SocketPath,
                ["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        string error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();

        Assert.True(shell.ExitCode == 0, $"{error}\n{await output}");
        Assert.Contains("red", bench.Controller.Current.Config.Bridges.Keys);
    }

    // The blocks one after the other, each command shown, so that a failure says where it is.
    private static string Script(string guide)
    {
        List<string> lines = ["set -x"];
        bool isInside = false;
        foreach (string line in guide.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isInside = line == "```sh";
            else if (isInside)
                lines.Add(line);
        }

        Assert.True(lines.Count > 30, "the guide has lost its examples");
        return string.Join('\n', lines);
    }
}
