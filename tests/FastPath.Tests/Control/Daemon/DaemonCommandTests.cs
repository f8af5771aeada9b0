using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class DaemonCommandTests
{
    [Theory]
    [InlineData("fp", true)]
    [InlineData("eightchr", true)]
    [InlineData("ninechars", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    public void A_name_must_be_able_to_begin_a_devices(string name, bool isGood) =>
        Assert.Equal(isGood, DaemonCommand.Create().Parse(["--name", name]).Errors.Count == 0);
}
