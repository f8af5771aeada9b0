using System;
using FastPath.Control.Switch;
using Xunit;

namespace FastPath.Tests.Control.Switch;

public sealed class PortSlotTests
{
    [Fact]
    public void A_port_is_tried_again_by_the_clock_that_nobody_sets()
    {
        PortSlot slot = new("ports/a", 1, () => throw new PortException("", "is on fire"), () => { }, new EventLog());
        Assert.Equal(PortSlot.Never, slot.RetryAt);

        long before = Environment.TickCount64;
        Assert.False(slot.TryOpen(out _));

        Assert.InRange(slot.RetryAt, before + 100, Environment.TickCount64 + 100);
        Assert.False(slot.TryOpen(out _));
        Assert.InRange(slot.RetryAt, before + 200, Environment.TickCount64 + 200);
    }
}
