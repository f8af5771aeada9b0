using System;
using System.Collections.Generic;
using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// The UMEMs of the workers. Each belongs to a worker and is shared by a bounded group of its ports, because the kernel
/// keeps 128 bytes a chunk for each (device, queue) (decision 0005).
/// </summary>
internal sealed class PacketMemory : IDisposable
{
    /// <summary>
    /// Ports that share one UMEM: each may hold 512 chunks for receive and 128 for transmit, 15,360 of 16,384 in all.
    /// </summary>
    private const int PortsPerUmem = 24;

    private const KernelFeature Asked = KernelFeature.TxMetadata | KernelFeature.MultiBuffer | KernelFeature.NeedWakeup
        | KernelFeature.TxBudget | KernelFeature.SendBufferForce | KernelFeature.Statistics;

    private readonly List<Group> _groups = [];
    private readonly UmemOptions _options;
    private readonly KernelFeature _refused;
    private readonly Anchor _anchor;

    public PacketMemory(KernelOptions options, UmemOptions memory, int workers)
    {
        _options = memory;
        _refused = options.Refused;
        _anchor = Anchor.Open(options.AnchorDevice, options.Refused);
        for (int worker = 0; worker < workers; worker++)
            AddGroup(worker);
    }

    /// <summary>Told of each UMEM that is made after the start.</summary>
    public Action<Umem> Added { get; set; } = _ => { };

    /// <summary>What the kernel granted to all sockets; unaligned chunks are asked for only where their size needs it.</summary>
    public FeatureGrants Grants => new(
        Asked | (_options.IsAligned ? KernelFeature.None : KernelFeature.UnalignedChunks), _groups[0].Anchored.Granted);

    /// <summary>The first UMEM of each worker.</summary>
    public IReadOnlyList<Umem> Homes(int workers)
    {
        Umem[] homes = new Umem[workers];
        foreach (Group group in _groups)
            homes[group.Worker] ??= group.Anchored.Umem;
        return homes;
    }

    /// <summary>Opens a socket that shares a UMEM of a worker.</summary>
    public XdpSocket OpenSocket(int worker, int ifIndex, int queue, XdpSocketOptions options)
    {
        Group? group = _groups.Find(g => g.Worker == worker && g.Sockets < PortsPerUmem);
        if (group == null)
        {
            group = AddGroup(worker);
            Added(group.Anchored.Umem);
        }

        XdpSocket socket = XdpSocket.OpenShared(group.Anchored.First, ifIndex, queue, options with { Refused = _refused });
        group.Sockets++;
        return socket;
    }

    /// <summary>A socket is closed: another port may have its share.</summary>
    public void Closed(XdpSocket socket)
    {
        foreach (Group group in _groups)
            if (group.Anchored.Umem == socket.Umem)
                group.Sockets--;
    }

    public void Dispose() => _anchor.Dispose();

    private Group AddGroup(int worker)
    {
        if (_groups.Count == Anchor.QueuesMax)
            throw new PortException("", $"all packet memories are full: at most {Anchor.QueuesMax * PortsPerUmem} port queues are possible");
        Group group = new(worker, _anchor.Add(_options));
        _groups.Add(group);
        return group;
    }

    private sealed class Group(int worker, AnchoredUmem anchored)
    {
        public int Worker { get; } = worker;

        public AnchoredUmem Anchored { get; } = anchored;

        public int Sockets { get; set; }
    }
}
