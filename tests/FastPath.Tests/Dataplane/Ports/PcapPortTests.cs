using System;
using System.Collections.Generic;
using System.IO;
using FastPath.Dataplane;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Tests.Packets;
using Xunit;
using static FastPath.Tests.Packets.PacketBuilder;

namespace FastPath.Tests.Dataplane.Ports;

public sealed class PcapPortTests
{
    [Fact]
    public void Packets_of_a_capture_arrive_and_what_is_sent_is_captured_with_the_clock_of_the_switch()
    {
        byte[] frame = Eth() / Ip4("10.0.0.1", "10.0.0.2") / Udp(1, 2);
        MemoryStream sent = new();
        using SwitchBench bench = new();
        using PcapPort from = new("in", 1, bench.Umem, Capture(frame, frame), output: null);
        using PcapPort to = new("out", 2, bench.Umem, input: null, new PcapWriter(sent));
        Bridge(bench, from, to);

        bench.Clock.Advance(5);
        bench.Run();

        Assert.True(from.IsDone);
        using CaptureReader reader = CaptureReader.Read(new MemoryStream(sent.ToArray()), "sent");
        for (int n = 0; n < 2; n++)
        {
            Assert.True(reader.TryRead(out CapturedPacket packet));
            Assert.Equal(frame, packet.Bytes.ToArray());
            Assert.Equal(bench.Clock.Now().Nanoseconds, packet.Nanoseconds);
        }

        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_packet_longer_than_a_port_takes_is_counted_and_passed_over()
    {
        using SwitchBench bench = new();
        using PcapPort port = new("in", 1, bench.Umem, Capture(new byte[65_401], Eth()), output: null);
        Bridge(bench, port);
        bench.Run();
        Assert.Equal(1UL, port.Counters[PortCounter.RxOversized]);
        Assert.Equal(1UL, port.Counters[PortCounter.RxPackets]);
    }

    [Fact]
    public void Opens_the_files_that_are_named_like_the_port()
    {
        string directory = Directory.CreateTempSubdirectory("fastpath-pcap-").FullName;
        try
        {
            using (PcapWriter writer = PcapWriter.Create(Path.Combine(directory, "a.pcap")))
                writer.Write(0, Eth().ToBytes());
            string output = Directory.CreateDirectory(Path.Combine(directory, "out")).FullName;
            using SwitchBench bench = new();
            using (PcapPort a = PcapPort.Open("a", 1, bench.Umem, directory, output))
            using (PcapPort b = PcapPort.Open("b", 2, bench.Umem, directory, output))
            {
                Bridge(bench, a, b);
                bench.Run();
            }

            using CaptureReader sent = CaptureReader.Open(Path.Combine(output, "b.pcap"));
            Assert.True(sent.TryRead(out CapturedPacket packet));
            Assert.Equal(Eth().ToBytes(), packet.Bytes.ToArray());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>
    /// Every capture of the repository, twice: by a bridged port and by a routed port that takes every frame as its
    /// own.
    /// </summary>
    [Fact]
    public void Every_capture_runs_through_a_whole_switch_and_every_packet_is_accounted_for()
    {
        ulong packets = 0;
        foreach (string path in Captures.Files())
        {
            if (!IsEthernet(path))
                continue;
            using SwitchBench bench = new();
            using CaptureReader bridged = CaptureReader.Open(path);
            MemoryPort a = bench.BridgePort(1, mtu: 65_000);
            bench.BridgePort(1, mtu: 9000);
            bench.BridgeInterface(1, "02:00:00:00:01:01", 9000, "10.1.0.1/16", "2001:db8:1::1/64");
            MemoryPort routed = bench.RoutedPort("02:00:00:00:02:02", 1500, "10.2.0.1/16", "2001:db8:2::1/64");
            bench.Tunnel(1, 100, "10.2.0.1", "10.2.0.9");
            bench.Neighbor(routed.Index, "10.2.0.9", "02:00:00:00:02:09");
            bench.Route("0.0.0.0/0", AdjacencyKind.NextHop, routed.Index, "10.2.0.9");
            bench.Route("::/0", AdjacencyKind.NextHop, routed.Index, "2001:db8:2::9");
            bench.Commit();
            while (bridged.TryRead(out CapturedPacket packet))
            {
                if (packet.Bytes.Length is 0 or > Limits.PacketBytesMax)
                    continue;
                bench.Receive(a, packet.Bytes.Span);
                byte[] toRouter = packet.Bytes.ToArray();
                if (toRouter.Length >= 6)
                    Convert.FromHexString("020000000202").CopyTo(toRouter, 0);
                bench.Receive(routed, toRouter);
            }

            packets += bench.Worker.Counters[Counter.Received];
            bench.Wait(10); // neighbors do not answer: what waits for them ends
            bench.Wait(10);
        }

        Assert.True(packets > 2000, $"{packets} packets");
    }

    private static bool IsEthernet(string path)
    {
        try
        {
            CaptureReader.Open(path).Dispose();
            return true;
        }
        catch (CaptureException)
        {
            return false;
        }
    }

    private static CaptureReader Capture(params byte[][] frames)
    {
        MemoryStream file = new();
        using PcapWriter writer = new(file);
        foreach (byte[] frame in frames)
            writer.Write(0, frame);
        return CaptureReader.Read(new MemoryStream(file.ToArray()), "memory");
    }

    private static void Bridge(SwitchBench bench, params Port[] ports)
    {
        List<PortEntry> entries = [default];
        List<ushort> members = [];
        foreach (Port port in ports)
        {
            entries.Add(new PortEntry { Kind = PortKind.Device, Bridge = 1, Learns = true, Mtu = 1500 });
            members.Add((ushort)port.Index);
        }

        bench.State.Root.Publish(new SwitchTables
        {
            Generation = 1,
            Ports = [.. entries],
            Devices = [[null, .. ports]],
            Senders = new byte[entries.Count],
            Bridges = [default, new BridgeEntry { Members = [.. members] }],
            AgingSeconds = [300, 300],
            Receivers = [[.. ports]],
        });
    }
}
