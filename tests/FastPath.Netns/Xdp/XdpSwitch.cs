using System;
using System.Collections.Generic;
using FastPath.Dataplane;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Dataplane.Telemetry;
using FastPath.Netns.Support;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Netns.Xdp;

/// <summary>How the ports of an <see cref="XdpSwitch"/> are made.</summary>
internal sealed record SwitchOptions
{
    public int Containers { get; init; } = 2;

    public int Mtu { get; init; } = 1500;

    public KernelFeature Refused { get; init; }

    /// <summary>Checksums of the container are left to its device, as the kernel's default is.</summary>
    public bool ChecksumOffload { get; init; }

    public UmemOptions Umem { get; init; } = new(4096);

    public XdpSocketOptions Socket { get; init; } = new();
}

/// <summary>
/// A bridge of FastPath in this process between containers of a topology: veth devices in a switch namespace, AF_XDP ports,
/// one worker. The worker is stepped by the test, or runs on its thread after <see cref="Start"/>.
/// </summary>
internal sealed class XdpSwitch : IDisposable
{
    private readonly Topology _topology = new();
    private readonly SwitchOptions _options;
    private readonly SwitchState _state;
    private readonly List<XdpPort> _ports = [];
    private readonly List<XdpProgram> _programs = [];
    private WorkerThread? _thread;

    public XdpSwitch(SwitchOptions? options = null)
    {
        _options = options ?? new SwitchOptions();
        Switch = _topology.Add("switch");
        for (int n = 1; n <= _options.Containers; n++)
        {
            Space container = _topology.Add($"c{n}");
            DeviceSysctls.Write(container.Handle, "ipv6", "default", "disable_ipv6", "1"); // tests count frames: nobody else speaks
            Containers.Add(container);
            ConnectContainer(n);
        }

        Anchor = Switch.Handle.Run(() => FastPath.Xdp.Anchor.Open("fpanchor", _options.Refused));
        Memory = Anchor.Add(_options.Umem);
        _state = new SwitchState(Graph.Discover(), Clock.Monotonic, new FdbTable(1024, 1), new NeighborTable(64, 1));
        _state.Umems[Memory.Umem.Number] = Memory.Umem;
        Worker = new Worker(_state, 0, Memory.Umem);
        for (int n = 1; n <= _options.Containers; n++)
            AddPort(n);
        Publish();
    }

    public Space Switch { get; }

    public List<Space> Containers { get; } = [];

    public Anchor Anchor { get; }

    public AnchoredUmem Memory { get; }

    public Worker Worker { get; }

    public IReadOnlyList<XdpPort> Ports => _ports;

    public IReadOnlyList<XdpProgram> Programs => _programs;

    /// <summary>Everything that any part of the kernel's side granted.</summary>
    public KernelFeature Granted
    {
        get
        {
            KernelFeature granted = Memory.Granted;
            foreach (XdpPort port in _ports)
                granted |= port.Socket.Granted;
            foreach (XdpProgram program in _programs)
                granted |= program.Granted;
            return granted;
        }
    }

    /// <summary>IPv4 address of container n, from 1.</summary>
    public static string AddressOf(int container) => $"10.0.0.{container}";

    /// <summary>Device of container n on the switch's side.</summary>
    public static string DeviceOf(int container) => $"port{container}";

    /// <summary>Lets the worker run on a thread of its own.</summary>
    public void Start()
    {
        _thread = new WorkerThread(Worker, null, new IdlePolicy(), _options.Refused);
        _thread.Start();
    }

    /// <summary>Stops the thread; fails the test with what stopped it before.</summary>
    public void Stop()
    {
        Exception? failure = _thread?.Failure;
        _thread?.Dispose();
        _thread = null;
        if (failure != null)
            throw new InvalidOperationException("the worker stopped by itself", failure);
    }

    /// <summary>Steps the worker.</summary>
    public void Poll(int turns = 1)
    {
        for (int n = 0; n < turns; n++)
            Worker.PollOnce();
    }

    /// <summary>Drops of <see cref="Send"/>, under node 0.</summary>
    public CounterBlock SendCounters { get; } = new(1);

    /// <summary>Gives frames to a port and lets it transmit; at most 64, the worker stands still.</summary>
    public void Send(XdpPort port, params ReadOnlySpan<byte[]> frames)
    {
        using Batch batch = new(SendCounters);
        for (int slot = 0; slot < frames.Length; slot++)
        {
            ref Packet packet = ref batch[slot];
            packet = new Packet { Offset = Limits.Headroom, Length = (ushort)frames[slot].Length, TxPort = (ushort)port.Index };
            if (!port.Umem.TryTake(out packet.Frame))
                throw new InvalidOperationException("no free chunk");
            frames[slot].CopyTo(port.Umem.Bytes(packet.Frame, packet.Offset, frames[slot].Length));
        }

        PacketSet all = PacketSet.First(frames.Length);
        batch.Enter(all, Worker.Entries.PortOutput);
        port.Stage(Worker, batch, all, longest: ushort.MaxValue);
        foreach (int slot in batch.Finish()) // what was dropped
            port.Umem.Release(batch[slot].Frame);
        port.Flush(Worker);
    }

    /// <summary>Sockets that share the UMEM.</summary>
    public List<XdpSocket> Sockets()
    {
        List<XdpSocket> sockets = [Memory.First];
        foreach (XdpPort port in _ports)
            sockets.Add(port.Socket);
        return sockets;
    }

    /// <summary>What is wrong with the frames of the UMEM; the worker stands still.</summary>
    public string? FindFault() => FrameAccount.Take(Memory.Umem, Sockets()).FindFault();

    /// <summary>Takes a port out as the control plane does it, while the worker stands still.</summary>
    public void RemovePort(XdpPort port)
    {
        bool wasRunning = _thread != null;
        Stop();
        int at = _ports.IndexOf(port);
        _ports.RemoveAt(at);
        Publish();
        Poll();
        _programs[at].Remove();
        _programs.RemoveAt(at);
        port.Detach();
        port.Retire();
        port.Dispose();
        if (wasRunning)
            Start();
    }

    /// <summary>Makes the port of container n again, on the device that has its name now.</summary>
    public void RenewPort(int container)
    {
        bool wasRunning = _thread != null;
        Stop();
        AddPort(container);
        Publish();
        if (wasRunning)
            Start();
    }

    /// <summary>Connects container n by a new veth pair.</summary>
    public void ConnectContainer(int n)
    {
        Space container = Containers[n - 1];
        Topology.Connect(Switch, DeviceOf(n), container, "eth0");
        DeviceSysctls.SilenceHost(Switch.Handle, DeviceOf(n));
        if (!_options.ChecksumOffload)
        {
            using Ethtool ethtool = Ethtool.Open(container.Handle);
            ethtool.Set("eth0", Offloads.TxChecksum | Offloads.TxVlan, on: false);
        }

        SetMtu(n, _options.Mtu);
        container.Ip("addr", "add", AddressOf(n) + "/24", "dev", "eth0");
    }

    /// <summary>Sets the MTU of both ends of a container's veth.</summary>
    public void SetMtu(int n, int mtu)
    {
        Switch.Ip("link", "set", DeviceOf(n), "mtu", $"{mtu}");
        Containers[n - 1].Ip("link", "set", "eth0", "mtu", $"{mtu}");
    }

    private void Publish()
    {
        Port?[] devices = new Port?[_options.Containers + 1];
        PortEntry[] entries = new PortEntry[devices.Length];
        List<ushort> members = [];
        foreach (XdpPort port in _ports)
        {
            devices[port.Index] = port;
            entries[port.Index] = new PortEntry
            {
                Kind = PortKind.Device,
                Bridge = 1,
                Learns = true,
                Mtu = _options.Mtu,
                MayBePartial = _options.ChecksumOffload,
            };
            members.Add((ushort)port.Index);
        }

        _state.Root.Publish(new SwitchTables
        {
            Generation = _state.Root.Read().Generation + 1,
            Ports = entries,
            Devices = [devices],
            Senders = new byte[devices.Length],
            Bridges = [default, new BridgeEntry { Members = [.. members] }],
            Receivers = [[.. _ports]],
        });
    }

    public void Dispose()
    {
        _thread?.Dispose();
        foreach (XdpProgram program in _programs)
            program.Remove();
        foreach (XdpPort port in _ports)
            port.Dispose();
        Anchor.Dispose();
        Worker.Dispose();
        _state.Dispose();
        _topology.Dispose();
    }

    private void AddPort(int container)
    {
        (XdpPort port, XdpProgram program) = Switch.Handle.Run(() => Open(container));
        _ports.Add(port);
        _programs.Add(program);
    }

    private (XdpPort Port, XdpProgram Program) Open(int container)
    {
        int ifIndex = Switch.IndexOf(DeviceOf(container));
        XdpSocket socket = XdpSocket.OpenShared(Memory.First, ifIndex, 0,
            _options.Socket with { Port = (ushort)container, Refused = _options.Refused });
        XdpProgram program = XdpProgram.Attach(Native.Port, "fp_port", ifIndex, null, _options.Refused);
        XdpPort port = new(DeviceOf(container), container, socket);
        port.Prime();
        program.SetSocket(0, socket);
        return (port, program);
    }
}
