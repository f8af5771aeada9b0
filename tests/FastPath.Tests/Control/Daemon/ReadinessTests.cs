using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class ReadinessTests
{
    [Fact]
    public void Ready_is_said_only_when_everything_that_is_configured_works()
    {
        Assert.Equal("ready: revision 1", Readiness.Describe([], "revision 1"));
        Assert.Equal("ready", Readiness.Describe([]));
        Assert.Equal("ready, but degraded: revision 1; ports/a is missing: there is no device a, ports/b is failed: busy",
            Readiness.Describe(["ports/a is missing: there is no device a", "ports/b is failed: busy"], "revision 1"));
        Assert.Equal("ready, but degraded: ports/b is failed: busy", Readiness.Describe(["ports/b is failed: busy"]));
    }
}
