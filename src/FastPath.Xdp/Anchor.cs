using System;
using System.Collections.Generic;
using FastPath.Xdp.Interop;

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

    private const int EINVAL = 22;
    private const int EBUSY = 16;

    private static readonly XdpSocketOptions s_rings = new()
    {
        RxEntries = 0,
        TxEntries = 64,
        FillEntries = 64,
        CompletionEntries = 64,
    };

    private readonly List<AnchoredUmem> _umems = [];
    private readonly int _ifIndex;
    private readonly KernelFeature _refused;

    private Anchor(string device, int ifIndex, KernelFeature refused)
    {
        Device = device;
        _ifIndex = ifIndex;
        _refused = refused;
    }

    /// <summary>The device.</summary>
    public string Device { get; }

    /// <summary>UMEMs added so far.</summary>
    public IReadOnlyList<AnchoredUmem> Umems => _umems;

    /// <summary>Uses a device of the calling thread's network namespace.</summary>
    /// <param name="device">Name of an existing device, whose queues nobody else uses. One for each daemon.</param>
    /// <param name="refused">Features to do without.</param>
    /// <exception cref="XdpException">ENODEV: there is no such device.</exception>
    public static Anchor Use(string device, KernelFeature refused = KernelFeature.None)
    {
        int ifIndex = Sys.IndexOfDevice(device);
        return ifIndex > 0
            ? new Anchor(device, ifIndex, refused)
            : throw new XdpException($"looking for the anchor device {device}", -ifIndex);
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
        catch (XdpException e) when (e.Errno == EINVAL && !options.IsAligned)
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
    }

    private AnchoredUmem AddAs(UmemOptions options)
    {
        Umem umem = Umem.Create(options);
        try
        {
            AnchoredUmem anchored = new(umem, OpenOnFreeQueue(umem));
            _umems.Add(anchored);
            return anchored;
        }
        catch
        {
            umem.Dispose();
            throw;
        }
    }

    private XdpSocket OpenOnFreeQueue(Umem umem)
    {
        for (int queue = 0; ; queue++)
        {
            try
            {
                return XdpSocket.OpenFirst(umem, _ifIndex, queue, s_rings with { Refused = _refused });
            }
            catch (XdpException e) when (e.Errno == EBUSY && queue + 1 < QueuesMax)
            {
                // Taken by another UMEM of this daemon, or not yet freed by the kernel after the last one.
            }
        }
    }
}
