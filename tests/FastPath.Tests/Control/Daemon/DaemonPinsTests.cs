using System;
using System.IO;
using FastPath.Control.Daemon;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class DaemonPinsTests
{
    [Fact]
    public void One_daemon_has_a_directory_of_pins_however_it_is_reached_until_it_ends()
    {
        string path = Directory.CreateTempSubdirectory().FullName;
        string link = path + "-link";
        File.CreateSymbolicLink(link, path);
        using (DirectoryLock first = DaemonPins.Take(path))
            foreach (string same in (string[])[path, path + "/.", link])
            {
                IOException refused = Assert.Throws<IOException>(() => DaemonPins.Take(same));
                Assert.Contains("--bpffs", refused.Message, StringComparison.Ordinal);
            }

        DaemonPins.Take(path).Dispose();
        File.Delete(link);
        Directory.Delete(path);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error_of_its_own() =>
        Assert.True(Assert.Throws<XdpException>(() => DaemonPins.Take("/nowhere/at/all")).IsNotFound);
}
