using System;
using System.Diagnostics;
using System.Threading;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Net;

namespace FastPath.Control.Daemon;

/// <summary>
/// Runs synthetic packets through a switch of its own, on memory ports, before the real one is attached: the first real
/// packets then meet optimised code (decision 0012). Bridging, routing of IPv4, flooding and VXLAN.
/// </summary>
internal sealed class Warmup : IDisposable
{
    // Tier 1 wants 30 calls and a quiet 100 ms; twice that is enough for what it instruments first.
    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(400);

    private const string Configuration = """
        ports:
          a: {device: a, bridge: blue}
          b: {device: b, bridge: blue}
          r: {device: r, addresses: [10.1.0.254/24, "fd00:1::fe/64"], mac: "02:00:00:00:00:fe"}
          u: {device: u, addresses: [192.0.2.1/24], mac: "02:00:00:00:00:fd"}
        vteps: {vt: {address: 192.0.2.1}}
        bridges:
          blue: {vni: 1, vtep: vt, remotes: [192.0.2.2], gateway: {addresses: [10.0.0.254/24], mac: "02:00:00:00:00:fc"}}
        fdb: [{bridge: blue, mac: "02:00:00:00:00:03", remote: 192.0.2.2}]
        neighbors:
          - {interface: r, address: 10.1.0.1, mac: "02:00:00:00:00:04"}
          - {interface: u, address: 192.0.2.2, mac: "02:00:00:00:00:05"}
        """;

    private readonly MemoryPorts _ports = new();
    private readonly VirtualSwitch _switch;
    private readonly byte[][] _frames =
    [
        FrameTo(0x02, "10.0.0.9"), // bridged to b
        FrameTo(0xFC, "10.1.0.1"), // routed out of the bridge
        FrameTo(0x03, "10.0.0.3"), // into the tunnel
        FrameTo(0x99, "10.0.0.4"), // flooded
    ];

    public Warmup()
    {
        SystemSettings settings = new() { FdbEntries = 1024, NeighborEntries = 1024 };
        _switch = new VirtualSwitch(settings, _ports, new Switch.EventLog());
        _switch.Start(Validator.Check(ConfigReader.Read(Configuration)));
    }

    /// <summary>Runs for less than half a second; nothing of it stays but compiled code.</summary>
    public static void Run()
    {
        using Warmup warmup = new();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_duration)
        {
            warmup.Step();
            Thread.Sleep(2); // lets the compiler's thread work
        }
    }

    /// <summary>Packets that a node handled.</summary>
    public ulong Handled(string node) => Worker.Counters.ReadHandled(Worker.Graph.NumberOf(node));

    /// <summary>One full batch and what follows from it.</summary>
    public void Step()
    {
        for (int n = 0; n < Batch.Capacity; n++)
            _ports["a"].Inject(_frames[n % _frames.Length]);
        _ports["b"].Inject(FrameFrom(0x02));
        PollUntilIdle();
        while (_ports["u"].TryTake(out byte[] sent))
            _ports["u"].Inject(TurnAround(sent)); // what was encapsulated comes back as the remote end's
        PollUntilIdle();
        foreach (MemoryPort port in _ports.All)
            while (port.TryTake(out _))
            {
            }
    }

    public void Dispose() => _switch.Dispose();

    private Worker Worker => _switch.Core.Workers[0];

    private void PollUntilIdle()
    {
        while (Worker.PollOnce())
        {
        }
    }

    private static byte[] FrameFrom(byte station) => Frame(0x01, station, "10.0.0.1");

    private static byte[] FrameTo(byte station, string address) => Frame(station, 0x01, address);

    /// <summary>A UDP packet of 60 bytes from 10.0.0.1.</summary>
    private static byte[] Frame(byte to, byte from, string address)
    {
        byte[] frame = new byte[60];
        ref EthernetHeader ethernet = ref Wire.Header<EthernetHeader>(frame);
        ethernet.Destination = MacAddress.FromValue(0x0200_0000_0000UL | to);
        ethernet.Source = MacAddress.FromValue(0x0200_0000_0000UL | from);
        ethernet.Type = EtherType.Ip4;
        ref Ipv4Header ip = ref Wire.Header<Ipv4Header>(frame.AsSpan(EthernetHeader.Size));
        ip.VersionAndIhl = Ipv4Header.PlainVersionAndIhl;
        ip.TotalLength = (ushort)(frame.Length - EthernetHeader.Size);
        ip.TimeToLive = 64;
        ip.Protocol = IpProtocol.Udp;
        ip.Source = Ip4Address.Parse("10.0.0.1");
        ip.Destination = Ip4Address.Parse(address);
        ip.Checksum = InternetChecksum.OfPlainHeader(ref ip);
        return frame;
    }

    /// <summary>Swaps the ends of the outer headers.</summary>
    private static byte[] TurnAround(byte[] frame)
    {
        ref EthernetHeader ethernet = ref Wire.Header<EthernetHeader>(frame);
        (ethernet.Destination, ethernet.Source) = (ethernet.Source, ethernet.Destination);
        if (ethernet.Type != EtherType.Ip4 || frame.Length < EthernetHeader.Size + Ipv4Header.Size)
            return frame;
        ref Ipv4Header ip = ref Wire.Header<Ipv4Header>(frame.AsSpan(EthernetHeader.Size));
        (ip.Source, ip.Destination) = (ip.Destination, ip.Source);
        return frame;
    }
}
