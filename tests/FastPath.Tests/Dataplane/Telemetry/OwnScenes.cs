using System;
using System.Collections.Generic;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Telemetry;

/// <summary>Switches built so that packets are dropped for reasons a <see cref="Yard"/> does not know.</summary>
internal static class OwnScenes
{
    public static long ANodeThatThrows()
    {
        Graph graph = Graph.DiscoverWith(typeof(Poisoned));
        using SwitchBench bench = new(graph);
        MemoryPort port = bench.BridgePort(1);
        FeatureChains.Builder chains = new(graph);
        byte chain = chains.Chain(Arc.L2Input, new HashSet<string> { "scene-poisoned" });
        bench.Features = chains.Build();
        bench.Enable(port, new ArcChains { L2Input = chain });
        bench.Commit();
        bench.Receive(port, Eth());
        return bench.Dropped(DropReason.Unspecified);
    }

    public static long AFullTransmitRing()
    {
        using SwitchBench bench =
            new() { MakePort = (name, index, umem) => new MemoryPort(name, index, umem) { Capacity = 4 } };
        MemoryPort a = bench.BridgePort(1);
        bench.BridgePort(1);
        bench.Commit();
        for (int n = 0; n < 5; n++)
            bench.Receive(a, Eth());
        return bench.Dropped(DropReason.TxRingFull);
    }

    public static long AFullHandoffRing()
    {
        using WorkersBench bench = new(workers: 2);
        MemoryPort a = bench.BridgePort(0);
        bench.BridgePort(1);
        bench.Commit();
        for (int n = 0; n <= Limits.HandoffMax; n++)
            a.Inject(Eth());
        while (bench.Workers[0].PollOnce())
        {
            // Worker 1 does not run: nobody empties the ring.
        }

        long dropped = bench.Dropped(DropReason.HandoffFull);
        bench.Run();
        return dropped;
    }

    public static long ALonelyBridgePort() => Only(bridge: 1, DropReason.NoFloodTarget);

    public static long APortWithoutARole() => Only(bridge: 0, DropReason.PortUnconfigured);

    /// <summary>The route to the remote end point leads through the gateway of a bridge.</summary>
    public static long AnUnderlayThroughABridge()
    {
        using SwitchBench bench = new();
        MemoryPort a = bench.BridgePort(1);
        int gateway = bench.BridgeInterface(1, Yard.GatewayMac, 1500, "192.0.2.1/24");
        bench.Tunnel(1, 100, "192.0.2.1", "192.0.2.2");
        bench.Neighbor(gateway, "192.0.2.2", MacB);
        bench.Commit();
        bench.Receive(a, Eth("02:00:00:00:00:77", MacA));
        return bench.Dropped(DropReason.TunnelUnreachable);
    }

    private static long Only(int bridge, DropReason reason)
    {
        using SwitchBench bench = new();
        MemoryPort port = bench.BridgePort(bridge);
        bench.Commit();
        bench.Receive(port, Eth());
        return bench.Dropped(reason);
    }

    [NodeName("scene-poisoned")]
    [Feature(Arc.L2Input)]
    private sealed class Poisoned(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets) =>
            throw new FormatException("poison");
    }
}
