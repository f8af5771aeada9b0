using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Nodes;

/// <summary>
/// Decision 0019: ip4-input routes plain packets itself unless a feature wants to see them. Two switches get the same
/// packets, one with a feature that does nothing: whatever leaves, and whatever is dropped and why, must be the same.
/// </summary>
public sealed class DirectRoutingTests
{
    private const int Turns = 120;

    private static readonly Graph s_graph = Graph.DiscoverWith(typeof(PassUnicast), typeof(PassOutput));

    private static readonly string[] s_sources =
        ["10.1.0.9", "10.1.0.9", "10.1.0.9", "10.1.0.10", "10.2.0.9", "0.0.0.0", "127.0.0.1", "224.0.0.1",
            "255.255.255.255"];

    // Own, connected, without an answer, by next hops, over the bridge, routes of other kinds, none, martians, groups.
    private static readonly string[] s_destinations =
        ["10.2.0.9", "10.2.0.9", "10.2.0.10", "10.8.1.1", "10.8.200.7", "10.1.0.1", "10.2.0.1", "10.1.0.9",
            "10.2.0.77", "10.9.0.1", "10.3.0.9", "10.3.0.1", "10.90.0.1", "10.91.0.1", "10.92.0.1", "11.0.0.1",
            "127.0.0.1", "0.0.0.5",
            "224.0.0.5", "255.255.255.255", "240.0.0.1"];

    [Theory]
    [InlineData(Arc.Ip4Unicast, 1)]
    [InlineData(Arc.Ip4Unicast, 2)]
    [InlineData(Arc.Ip4Output, 3)]
    public void The_direct_way_and_the_long_way_do_the_same(Arc arc, int seed)
    {
        using Side direct = new(null);
        using Side detour = new(arc);
        Random random = new(seed);
        for (int turn = 0; turn < Turns; turn++)
        {
            byte[][] frames = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => FrameOf(random))];
            direct.Receive(frames);
            detour.Receive(frames);
            Assert.Equal(direct.Drops(), detour.Drops());
            Assert.Equal(direct.TakeSent(), detour.TakeSent());
        }

        Assert.True(direct.Handled("ip4-rewrite") < detour.Handled("ip4-rewrite"), "one of them was direct");
    }

    /// <summary>A packet from a host of the first network, right or broken.</summary>
    private static byte[] FrameOf(Random random)
    {
        string destination = Pick(random, s_destinations);
        byte[]? options = random.Next(8) switch
        {
            0 => [1, 1, 1, 0],
            1 => [131, 7, 4, 10, 0, 0, 1, 0],
            _ => null,
        };
        int payload = Pick(random, 0, 18, 18, 100, 950, 1200, 1472, 4500);
        Layer inside = random.Next(4) switch
        {
            0 => Icmp4(Pick<byte>(random, 0, 3, 8, 11), payload: payload),
            1 => Tcp(1, 22, payload: payload),
            _ => Udp(1, Pick(random, 2, 4789), payload),
        };
        bool isFragment = random.Next(10) == 0;
        byte[] frame = Eth(random.Next(12) == 0 ? "ff:ff:ff:ff:ff:ff" : Yard.Mac1, MacA)
            / Ip4(Pick(random, s_sources), destination, ttl: Pick(random, 0, 1, 2, 64, 64, 255),
                df: random.Next(2) == 0, offset: isFragment ? Pick(random, 0, 8) : 0, more: isFragment,
                tos: (byte)random.Next(256), options: options)
            / inside;
        byte[] padded = random.Next(4) == 0 ? [.. frame, .. new byte[random.Next(1, 40)]] : frame;
        return random.Next(5) == 0 ? Broken(random, padded) : padded;
    }

    /// <summary>Cut short, or with a bit of the header changed; sometimes with a checksum that fits.</summary>
    private static byte[] Broken(Random random, byte[] frame)
    {
        if (random.Next(3) == 0)
            return frame[..random.Next(14, frame.Length)];
        frame[14 + random.Next(20)] ^= (byte)(1 << random.Next(8));
        int header = (frame[14] & 15) * 4;
        if (random.Next(3) == 0 || header < 20 || frame.Length < 14 + header)
            return frame;
        frame[24] = frame[25] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), Checksum(frame.AsSpan(14, header)));
        return frame;
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>One of the two switches: two networks, a bridge, a way to the host, routes of every kind.</summary>
    private sealed class Side : IDisposable
    {
        private readonly SwitchBench _bench = new(s_graph);
        private readonly MemoryPort _from;
        private readonly MemoryPort[] _ports;

        public Side(Arc? arc)
        {
            _from = _bench.RoutedPort(Yard.Mac1, 1500, "10.1.0.1/24");
            MemoryPort two = _bench.RoutedPort(Yard.Mac2, 1000, "10.2.0.1/24");
            MemoryPort bridged = _bench.BridgePort(1);
            MemoryPort host = _bench.RoutedPort("02:00:00:00:05:01", 1500, "169.254.0.1/30");
            int gateway = _bench.BridgeInterface(1, Yard.GatewayMac, 1400, "10.3.0.1/24");
            _ports = [_from, two, bridged, host];
            _bench.PuntTo(host, Yard.HostMac);
            _bench.Route("10.8.0.0/16", AdjacencyKind.NextHop, two.Index, "10.2.0.9", mtu: 1000);
            _bench.Route("10.9.0.0/16", AdjacencyKind.NextHop, two.Index, "10.2.0.78", mtu: 1000);
            _bench.Route("10.90.0.0/16", AdjacencyKind.Blackhole);
            _bench.Route("10.91.0.0/16", AdjacencyKind.Prohibit);
            _bench.Route("10.92.0.0/16", AdjacencyKind.Unreachable);
            _bench.Neighbor(_from.Index, "10.1.0.9", MacA);
            _bench.Neighbor(two.Index, "10.2.0.9", MacB);
            _bench.Neighbor(two.Index, "10.2.0.10", "02:00:00:00:00:10");
            _bench.Neighbor(gateway, "10.3.0.9", "02:00:00:00:00:39");
            if (arc is { } chosen)
                Detour(chosen);
            _bench.Commit();
        }

        /// <summary>Lets packets arrive as one batch, then half a second pass.</summary>
        public void Receive(byte[][] frames)
        {
            foreach (byte[] frame in frames)
                _from.Inject(frame);
            _bench.Run();
            _bench.Wait(0.5);
        }

        public SortedDictionary<DropReason, long> Drops()
        {
            SortedDictionary<DropReason, long> drops = [];
            foreach (DropReason reason in Enum.GetValues<DropReason>())
                drops[reason] = _bench.Dropped(reason);
            return drops;
        }

        /// <summary>What each port has sent, in order.</summary>
        public List<string> TakeSent()
        {
            List<string> sent = [];
            foreach (MemoryPort port in _ports)
                while (port.TryTake(out byte[] frame))
                    sent.Add($"{port.Name} {Convert.ToHexString(frame)}");
            return sent;
        }

        public ulong Handled(string node) => _bench.Worker.Counters.ReadHandled(s_graph.NumberOf(node));

        public void Dispose()
        {
            for (int second = 0; second < 4; second++)
                _bench.Wait(1.1);
            _bench.Dispose();
        }

        private void Detour(Arc arc)
        {
            FeatureChains.Builder chains = new(s_graph);
            string feature = arc == Arc.Ip4Unicast ? "pass-unicast" : "pass-output";
            byte chain = chains.Chain(arc, new HashSet<string> { feature });
            _bench.Features = chains.Build();
            foreach (MemoryPort port in _ports)
                _bench.Enable(port, arc == Arc.Ip4Unicast
                    ? new ArcChains { Ip4Unicast = chain }
                    : new ArcChains { Ip4Output = chain });
        }
    }

    [NodeName("pass-unicast")]
    [Feature(Arc.Ip4Unicast)]
    private sealed class PassUnicast(NodeBuilder build) : Pass(build);

    [NodeName("pass-output")]
    [Feature(Arc.Ip4Output)]
    private sealed class PassOutput(NodeBuilder build) : Pass(build);

    private abstract class Pass(NodeBuilder build) : Node(build)
    {
        public override void Process(Worker worker, Batch batch, PacketSet packets)
        {
            foreach (int slot in packets)
                batch.NextFeature(slot);
        }
    }
}
