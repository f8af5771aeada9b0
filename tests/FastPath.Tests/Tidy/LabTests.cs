using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace FastPath.Tests.Tidy;

/// <summary>Mistakes on the command line of perf/lab that would measure something else than was meant.</summary>
public sealed class LabTests
{
    [Theory]
    [InlineData("testpmd", "")]
    [InlineData("fastpath@/another/checkout+workers=2", "")]
    [InlineData("testpmd@/another/checkout", "there is no peer testpmd@/another/checkout")]
    [InlineData("fastpth+workers=2", "there is no peer fastpth+workers=2")]
    [InlineData("fastpth", "there is no peer fastpth")]
    public async Task A_misspelt_peer_is_refused_and_is_not_FastPath(string name, string says)
    {
        Assert.SkipUnless(HasPython(), "needs python3, as perf/lab does");
        const string Make = "import sys; from fplab import peers; peers.make(sys.argv[1])";
        ProcessStartInfo start = new("python3", ["-c", Make, name])
        {
            RedirectStandardError = true,
            Environment = { ["PYTHONPATH"] = SourceTree.Full("perf/lab"), ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        using Process python = Process.Start(start)!;
        string error = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(says, error, StringComparison.Ordinal);
        Assert.Equal(says.Length == 0, error.Length == 0);
    }

    private static bool HasPython() => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Any(directory => File.Exists(Path.Combine(directory, "python3")));
}
