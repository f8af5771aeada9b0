using System.Linq;
using FastPath.Control;
using FastPath.Control.Config;
using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class OnlineProcessorsTests
{
    [Fact]
    public void A_processor_that_is_not_there_is_named_with_those_that_are()
    {
        SystemSettings settings = new() { Workers = 4, Processors = [0, 4, 8, 3] };

        InvalidConfigException e = Assert.Throws<InvalidConfigException>(() => OnlineProcessors.Require(settings, "0-2,8\n"));

        Assert.Equal(["/system/processors/1", "/system/processors/3"], e.Errors.Select(error => error.Path));
        Assert.Contains("it has 0-2,8", e.Errors[0].Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_without_processors_of_their_own_need_none() => OnlineProcessors.Require(new SystemSettings());
}
