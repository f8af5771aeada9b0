using System.IO;
using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class ConfigFileTests
{
    [Fact]
    public void A_device_that_never_ends_is_refused() =>
        Assert.Contains("16 MiB", Assert.Throws<IOException>(() => ConfigFile.Read("/dev/zero")).Message, System.StringComparison.Ordinal);

    [Fact]
    public void The_text_is_read_without_a_byte_order_mark()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']);
        Assert.Equal("{}", ConfigFile.Read(path));
        File.Delete(path);
    }
}
