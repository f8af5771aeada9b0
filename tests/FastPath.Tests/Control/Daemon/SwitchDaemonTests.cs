using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class SwitchDaemonTests
{
    [Fact]
    public async Task A_hang_up_is_told_and_ends_nothing()
    {
        // The runtime leaves a signal alone that whoever started the process has set to be ignored.
        Assert.SkipWhen(IsHangUpIgnored(), "SIGHUP is ignored in this process, as under nohup");

        // Unhandled, it would end the process of the tests.
        TaskCompletionSource<string> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable ignoring = SwitchDaemon.IgnoreHangUp(line => told.TrySetResult(line));
        using Process kill = Process.Start("kill", ["-HUP", $"{Environment.ProcessId}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("SIGHUP: ignored; ", await told.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    private static bool IsHangUpIgnored()
    {
        const ulong Sighup = 1; // signal 1 is bit 0
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        return (ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Sighup) != 0;
    }
}
