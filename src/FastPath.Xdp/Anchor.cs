using System;
using System.Collections.Generic;
using System.Threading;
using FastPath.Xdp.Netlink;

namespace FastPath.Xdp;

/// <summary>One copy-mode UMEM and the anchor queue that owns it.</summary>
/// <param name="Umem">The packet memory.</param>
/// <param name="First">Its first socket: <see cref="XdpSocket.OpenShared"/> shares from it for as long as it lives.</param>
public sealed record AnchoredUmem(Umem Umem, XdpSocket First)
{
    /// <summary>What the kernel granted for every socket that shares this UMEM.</summary>
    public KernelFeature Granted => First.Granted;
}

/// <summary>
/// Where copy-mode UMEMs live: each is owned by a socket on one queue of a veth pair that stays down and carries nothing.
/// Ports in any network namespace share it, and come and go while it stays.
/// </summary>
/// <remarks>
/// A UMEM can only be shared from a socket that is still bound. Were that the first port's, removing the port would end
/// the sharing; the loopback device has a single queue, and so room for a single UMEM.
/// </remarks>
[Control]
public sealed class Anchor : IDisposable
{
    /// <summary>UMEMs one anchor device holds: its queues.</summary>
    public const int QueuesMax = 16;

    /// <summary>Name of the device when nothing else is configured.</summary>
    public const string DefaultDevice = "fpanchor";

    private static readonly XdpSocketOptions s_rings = new()
    {
        RxEntries = 0,
        TxEntries = 64,
        FillEntries = 64,
        CompletionEntries = 64,
    };

    private readonly List<AnchoredUmem> _umems = [];
    private readonly NetworkNamespace _home;
    private readonly int _ifIndex;
    private readonly KernelFeature _refused;

    private Anchor(string device, NetworkNamespace home, int ifIndex, KernelFeature refused)
    {
        Device = device;
        _home = home;
        _ifIndex = ifIndex;
        _refused = refused;
    }

    /// <summary>The device.</summary>
    public string Device { get; }

    /// <summary>UMEMs added so far.</summary>
    public IReadOnlyList<AnchoredUmem> Umems => _umems;

    /// <summary>
    /// Uses a device of the calling thread's network namespace, and makes it when there is none. Wherever UMEMs are added
    /// from later, their sockets are opened in that namespace.
    /// </summary>
    /// <param name="device">Name, at most 14 bytes: its peer's has one more. One for each daemon.</param>
    /// <param name="refused">Features to do without.</param>
    /// <exception cref="NetlinkException">The device cannot be made (CAP_NET_ADMIN?).</exception>
    public static Anchor Open(string device = DefaultDevice, KernelFeature refused = KernelFeature.None)
    {
        using Rtnetlink netlink = Rtnetlink.Open();
        if (netlink.Links.Find(device) == null)
        {
            netlink.Links.CreateVeth(new VethPair(
                new VethEnd { Name = device, RxQueues = QueuesMax, TxQueues = QueuesMax },
                new VethEnd { Name = device + "1", RxQueues = QueuesMax, TxQueues = QueuesMax }));
        }

        return new Anchor(device, NetworkNamespace.Current(), netlink.Links.Require(device).Index, refused);
    }

    /// <summary>Makes a UMEM on the first free queue.</summary>
    /// <param name="options">Its size. Chunks that need unaligned mode become 4,096 bytes where the kernel has none.</param>
    /// <exception cref="XdpException">EBUSY: all queues are taken. ENOBUFS: the memory may not be locked.</exception>
    public AnchoredUmem Add(UmemOptions options)
    {
        try
        {
            return AddAs(options);
        }
        catch (XdpException e) when (e.Errno == Interop.Errno.EINVAL && !options.IsAligned)
        {
            return AddAs(options with { ChunkBytes = 4096 });
        }
    }

    /// <summary>Keeps a UMEM that another process left: its memory is mapped again, its socket is the same.</summary>
    public AnchoredUmem Adopt(Umem umem, XdpSocket first)
    {
        AnchoredUmem adopted = new(umem, first);
        _umems.Add(adopted);
        return adopted;
    }

    /// <summary>Gives a UMEM back; every socket that shares it has been closed, and its worker has stopped using it.</summary>
    public void Remove(AnchoredUmem anchored)
    {
        if (!_umems.Remove(anchored))
            throw new ArgumentException("not a UMEM of this anchor", nameof(anchored));
        anchored.First.Dispose();
        anchored.Umem.Dispose();
    }

    /// <summary>Closes all UMEMs. The device stays, for the next start.</summary>
    public void Dispose()
    {
        for (int n = _umems.Count - 1; n >= 0; n--)
            Remove(_umems[n]);
        _home.Dispose();
    }

    private AnchoredUmem AddAs(UmemOptions options)
    {
        Umem umem = Umem.Create(options);
        try
        {
            AnchoredUmem anchored = new(umem, _home.Run(() => OpenOnFreeQueue(umem)));
            _umems.Add(anchored);
            return anchored;
        }
        catch
        {
            umem.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tries every queue; when all are busy although some are ours to use, waits for the kernel, which frees the queue of a
    /// closed socket a little later.
    /// </summary>
    private XdpSocket OpenOnFreeQueue(Umem umem)
    {
        const int Passes = 6;
        const int FirstWaitMs = 10;
        for (int pass = 0; pass < Passes && _umems.Count < QueuesMax; pass++)
        {
            if (pass != 0)
                Thread.Sleep(FirstWaitMs << pass);
            if (TryEachQueue(umem) is { } socket)
                return socket;
        }

        throw new XdpException($"all {QueuesMax} queues of {Device} hold a UMEM", Interop.Errno.EBUSY);
    }

    private XdpSocket? TryEachQueue(Umem umem)
    {
        for (int queue = 0; queue < QueuesMax; queue++)
        {
            try
            {
                return XdpSocket.OpenFirst(umem, _ifIndex, queue, s_rings with { Refused = _refused });
            }
            catch (XdpException e) when (e.Errno == Interop.Errno.EBUSY)
            {
                // Another UMEM's, or not yet freed after the last one.
            }
        }

        return null;
    }
}
