using System.IO;
using Xunit;

namespace FastPath.Netns;

public sealed class KernelTests
{
    [Fact]
    public void The_kernel_has_BTF_for_CO_RE() => Assert.True(File.Exists("/sys/kernel/btf/vmlinux"));
}
