using System;
using System.IO;
using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class DaemonNameTests
{
    [Fact]
    public void One_daemon_has_a_name_until_it_ends()
    {
        string name = $"t{Environment.ProcessId}";
        using (DaemonName first = DaemonName.Take(name))
        {
            Assert.Contains("another fastpathd", Assert.Throws<IOException>(() => DaemonName.Take(name)).Message, StringComparison.Ordinal);
            using DaemonName other = DaemonName.Take(name + "b");
        }

        using DaemonName next = DaemonName.Take(name);
    }
}
