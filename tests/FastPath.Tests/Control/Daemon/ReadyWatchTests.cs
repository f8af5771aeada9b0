using System.Linq;
using FastPath.Control.Daemon;
using FastPath.Control.Switch;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class ReadyWatchTests
{
    [Fact]
    public void Only_the_way_from_ready_to_degraded_and_back_is_told()
    {
        EventLog events = new();
        ReadyWatch watch = new(events, isReady: true);
        watch.See([]);
        watch.See(["ports/a is missing: there is no device a"]);
        watch.See(["ports/a is missing: there is no device a", "ports/b is failed: busy"]);
        watch.See([]);
        watch.See([]);

        Assert.Equal(
            ["fastpathd: ready, but degraded: ports/a is missing: there is no device a", "fastpathd: ready"],
            events.Latest().Select(one => $"{one.Subject}: {one.Message}"));
    }
}
