using FastPath.Control.Switch;
using FastPath.Dataplane.Engine;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Control.Switch;

public sealed class StaticEntriesTests
{
    private const string TwoBridges = """
        system: {workers: 2}
        bridges: {blue: , red: }
        ports: {a: {device: a, bridge: blue}, b: {device: b, bridge: BRIDGE}}

        """;

    /// <summary>
    /// Worker 1 saw a frame under the old generation and told worker 0, which had not looked yet when the port moved.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_worker_saw_before_a_port_left_its_bridge_does_not_outlive_the_flush(bool isRemoved)
    {
        using SwitchHarness harness = new(TwoBridges.Replace("BRIDGE", "blue", System.StringComparison.Ordinal));
        BuiltTables before = harness.Switch.Built;
        int number = harness.Switch.Numbers.Of("ports/a");
        Worker other = harness.Switch.Core.Workers[1];
        Assert.Same(harness.Port("a"), harness.Switch.Built.Tables.Receivers[1][0]);
        harness.Port("a").Inject(Eth(MacB, MacA) / Raw(new byte[46]));
        Assert.True(other.PollOnce());

        StaticEntries entries = new(harness.Switch.Core);
        if (isRemoved)
            entries.ForgetPort(number);
        else
            entries.Set(Moved(before, number), before);
        harness.Run();

        Assert.Equal(0, harness.Switch.Core.State.Fdb.Count);
        harness.Sent("b");
    }

    /// <summary>The same tables with a port in another bridge.</summary>
    private static BuiltTables Moved(BuiltTables tables, int number)
    {
        FastPath.Dataplane.Tables.PortEntry[] ports = [.. tables.Tables.Ports];
        ports[number] = ports[number] with { Bridge = 2 };
        return tables with { Tables = new FastPath.Dataplane.Tables.SwitchTables { Ports = ports } };
    }
}
