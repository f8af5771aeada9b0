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

    [Fact]
    public void A_check_of_nothing_is_a_mistake_of_the_command_line_and_not_of_a_configuration() =>
        Assert.Equal(ExitCode.Failed, DaemonCommand.Create().Parse(["--check"]).Invoke());
}
