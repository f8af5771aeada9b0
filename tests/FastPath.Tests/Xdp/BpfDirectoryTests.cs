using System.IO;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Xdp;

public sealed class BpfDirectoryTests
{
    [Fact]
    public void Ports_of_one_name_in_two_daemons_have_pins_of_their_own()
    {
        string one = BpfDirectory.ForPort(BpfDirectory.ForDaemon(BpfDirectory.Usual, "fp"), "web.1");
        string other = BpfDirectory.ForPort(BpfDirectory.ForDaemon(BpfDirectory.Usual, "test"), "web.1");

        Assert.Equal("/sys/fs/bpf/fastpath/fp/port-web,1", one);
        Assert.Equal("/sys/fs/bpf/fastpath/test/port-web,1", other);
    }

    [Fact]
    public void Ports_that_have_pins_are_listed_by_their_names()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        foreach (string name in (string[])["web.1", "db"])
            Directory.CreateDirectory(BpfDirectory.ForPort(directory, name));
        Directory.CreateDirectory(Path.Combine(directory, "another"));

        Assert.Equal(["db", "web.1"], BpfDirectory.PortsIn(directory));
        Directory.Delete(directory, recursive: true);
    }
}
