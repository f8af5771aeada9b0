using FastPath.Control.Daemon;
using Xunit;

namespace FastPath.Tests.Control.Daemon;

public sealed class WarmupTests
{
    [Fact]
    public void It_visits_every_way_it_is_for_and_drops_nothing_by_mistake()
    {
        using Warmup warmup = new();

        warmup.Step();

        Assert.All((string[])["l2-forward", "l2-flood", "bvi-input", "ip4-rewrite", "vxlan-encap", "vxlan-decap", "port-output"],
            node => Assert.NotEqual(0UL, warmup.Handled(node)));
    }
}
