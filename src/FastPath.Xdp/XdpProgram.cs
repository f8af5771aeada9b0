using System;
using System.IO;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>
/// An XDP program on one device, what attaches it, and its socket map. Pinned, it outlives the process: a dedicated port
/// whose daemon is gone drops (fail closed) instead of handing the container's frames to the host, and a new daemon finds
/// the map with the sockets still in it.
/// </summary>
[Control]
public sealed class XdpProgram : IDisposable
{
    private const string SocketMap = "fp_sockets";
    private const string LinkPin = "link";
    private const string SocketsPin = "sockets";
    private const int None = -1;

    private readonly nint _object;
    private readonly int _program;
    private readonly ProgramAttachment _attachment;
    private readonly string? _pins;
    private bool _disposed;

    private XdpProgram(nint loaded, int program, int sockets, ProgramAttachment attachment, string? pins, KernelFeature granted)
    {
        _object = loaded;
        _program = program;
        Sockets = sockets;
        _attachment = attachment;
        _pins = pins;
        Granted = granted | attachment.Granted | (pins != null ? KernelFeature.Pinning : KernelFeature.None);
    }

    /// <summary>Descriptor of the XSKMAP: key is the receive queue.</summary>
    public int Sockets { get; }

    /// <summary>Of NativeXdp, XdpFrags, BpfLink and Pinning, what the kernel granted.</summary>
    public KernelFeature Granted { get; }

    /// <summary>Driver mode; false is generic mode, which is slower and says so in status.</summary>
    public bool IsNative => Granted.HasFlag(KernelFeature.NativeXdp);

    /// <summary>Whether link and map are pinned.</summary>
    public bool IsPinned => _pins != null;

    /// <summary>
    /// Loads a program and attaches it; driver mode first, generic only when the driver has none. Where
    /// <paramref name="pins"/> has a link to the same device, the program is replaced under it and keeps the map: there is no
    /// moment without a program, nor without its sockets.
    /// </summary>
    /// <param name="path">BPF object file.</param>
    /// <param name="name">Program in it.</param>
    /// <param name="ifIndex">Device, in the calling thread's network namespace.</param>
    /// <param name="pins">Directory in a BPF file system for link and map; null leaves them unpinned.</param>
    /// <param name="refused">Features to do without.</param>
    /// <exception cref="XdpException">
    /// EBUSY: another program is attached. ENOSPC: on veth, fewer receive queues than the peer has transmit queues. ERANGE:
    /// the MTU is too large for a program without frags.
    /// </exception>
    public static XdpProgram Attach(string path, string name, int ifIndex, string? pins, KernelFeature refused)
    {
        Libbpf.Quiet();
        int pinnedSockets = pins == null ? None : Libbpf.Get(Path.Combine(pins, SocketsPin));
        nint loaded = Load(path, name, pinnedSockets, refused, out KernelFeature granted);
        try
        {
            int program = Libbpf.Program(loaded, name);
            int sockets = Libbpf.Map(loaded, SocketMap);
            int pinnedLink = pins == null ? None : TakePinnedLink(pins, ifIndex);
            // Pinned sockets without a link: an earlier process of ours attached by netlink, and that program is replaced.
            bool replace = pinnedSockets >= 0 && pinnedLink < 0;
            ProgramAttachment attachment = ProgramAttachment.Create(program, ifIndex, pinnedLink, replace, refused);
            bool pinned = pins != null && !refused.HasFlag(KernelFeature.Pinning) && TryPin(attachment.Link, sockets, pins);
            return new XdpProgram(loaded, program, sockets, attachment, pinned ? pins : null, granted);
        }
        catch
        {
            Libbpf.Close(loaded);
            throw;
        }
        finally
        {
            if (pinnedSockets >= 0)
                Sys.Close(pinnedSockets);
        }
    }

    /// <summary>
    /// Takes over what an earlier process pinned, program and sockets untouched. Null when nothing is pinned there, or its
    /// device is gone.
    /// </summary>
    public static XdpProgram? Adopt(string pins, int ifIndex)
    {
        int link = TakePinnedLink(pins, ifIndex);
        if (link < 0)
            return null;
        int sockets = Libbpf.Get(Path.Combine(pins, SocketsPin));
        if (sockets >= 0)
            return new XdpProgram(0, None, sockets, ProgramAttachment.Adopted(link, ifIndex), pins, KernelFeature.None);
        Sys.Close(link);
        return null;
    }

    /// <summary>Directs a receive queue to a socket.</summary>
    public void SetSocket(int queue, XdpSocket socket)
    {
        int result = Libbpf.Update(Sockets, queue, socket.Descriptor);
        if (result != 0)
            throw new XdpException($"entering the socket of queue {queue} into the XSKMAP", -result);
    }

    /// <summary>Takes a queue's socket away; the program then drops (port) or passes (uplink).</summary>
    public void ClearSocket(int queue) => _ = Libbpf.Delete(Sockets, queue);

    /// <summary>Descriptor of another map of the program; not of an adopted one.</summary>
    public int Map(string name) => Libbpf.Map(_object, name);

    /// <summary>Detaches for good and removes the pins. The device's packets go to the host's stack again.</summary>
    public void Remove()
    {
        if (_pins != null)
            RemovePins(_pins);
        if (!_disposed)
            _attachment.Detach();
        Dispose();
    }

    /// <summary>Removes all pins of a port that no process serves, and with them the programs from its device.</summary>
    public static void RemovePins(string pins) => BpfPins.Remove(pins);

    /// <summary>
    /// Index of the device that a pinned link holds a program on, 0 when that device is gone; null when no link is pinned
    /// there: nothing is, or the program was attached by netlink.
    /// </summary>
    public static int? DeviceOf(string pins)
    {
        int link = Libbpf.Get(Path.Combine(pins, LinkPin));
        if (link < 0)
            return null;
        int ifIndex = Libbpf.DeviceOfLink(link);
        Sys.Close(link);
        return ifIndex;
    }

    /// <summary>Closes our descriptors. What is pinned stays attached, what is not goes.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _attachment.Close(keep: IsPinned);
        if (_object != 0)
            Libbpf.Close(_object);
        else
            Sys.Close(Sockets);
    }

    /// <summary>What the program says to one packet on queue 0: an XDP verdict, or -errno. For tests.</summary>
    internal int Verdict(ReadOnlySpan<byte> packet) => Libbpf.TestRun(_program, packet);

    private static nint Load(string path, string name, int sockets, KernelFeature refused, out KernelFeature granted)
    {
        granted = refused.HasFlag(KernelFeature.XdpFrags) ? KernelFeature.None : KernelFeature.XdpFrags;
        int result = TryLoad(path, name, sockets, granted, out nint loaded);
        if (result == -Errno.EINVAL && granted != KernelFeature.None) // before 5.18 the flag is unknown
        {
            granted = KernelFeature.None;
            result = TryLoad(path, name, sockets, granted, out loaded);
        }

        return result == 0
            ? loaded
            : throw new XdpException($"loading the BPF object {path} (CAP_BPF, CAP_NET_ADMIN?)", -result);
    }

    private static int TryLoad(string path, string name, int sockets, KernelFeature wanted, out nint loaded)
    {
        loaded = Libbpf.Open(path);
        if (wanted.HasFlag(KernelFeature.XdpFrags))
            Libbpf.AcceptFrags(loaded, name);
        if (sockets >= 0)
            _ = Libbpf.UseMap(loaded, SocketMap, sockets); // refused: the program gets a new map
        int result = Libbpf.Load(loaded);
        if (result != 0)
            Libbpf.Close(loaded);
        return result;
    }

    /// <summary>The link of an earlier run to this device; what belongs to another or a vanished device is unpinned.</summary>
    private static int TakePinnedLink(string pins, int ifIndex)
    {
        int link = Libbpf.Get(Path.Combine(pins, LinkPin));
        if (link < 0 || Libbpf.DeviceOfLink(link) == ifIndex)
            return link;
        Sys.Close(link);
        RemovePins(pins);
        return None;
    }

    private static bool TryPin(int link, int sockets, string pins) =>
        BpfPins.TryPrepare(pins)
        && (link < 0 || BpfPins.TryPin(link, Path.Combine(pins, LinkPin)))
        && BpfPins.TryPin(sockets, Path.Combine(pins, SocketsPin));
}
