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
}
