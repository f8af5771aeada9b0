using System;
using System.IO;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>
/// An XDP program on one device, its link and its socket map. Pinned, it outlives the process: a dedicated port whose
/// daemon is gone drops (fail closed) instead of handing the container's frames to the host.
/// </summary>
[Control]
public sealed class XdpProgram : IDisposable
{
    private const uint XDP_FLAGS_SKB_MODE = 1 << 1;
    private const uint XDP_FLAGS_DRV_MODE = 1 << 2;

    private readonly nint _object;
    private readonly string? _pins;
    private readonly int _link;

    private XdpProgram(nint loaded, int sockets, int link, bool native, string? pins)
    {
        _object = loaded;
        Sockets = sockets;
        _link = link;
        IsNative = native;
        _pins = pins;
    }

    /// <summary>Descriptor of the XSKMAP: key is the receive queue.</summary>
    public int Sockets { get; }

    /// <summary>Driver mode; false is generic mode, which is slower and says so in status.</summary>
    public bool IsNative { get; }

    /// <summary>Whether link and map are pinned.</summary>
    public bool IsPinned => _pins != null;

    /// <summary>Loads <paramref name="path"/> and attaches it; driver mode first, generic only when the driver has none.</summary>
    /// <param name="path">BPF object file.</param>
    /// <param name="name">Program in it.</param>
    /// <param name="ifIndex">Device, in the calling thread's network namespace.</param>
    /// <param name="pins">Directory in a BPF file system for link and map; null leaves them unpinned.</param>
    /// <param name="refused">Features to do without.</param>
    public static XdpProgram Attach(string path, string name, int ifIndex, string? pins, KernelFeature refused)
    {
        Libbpf.Quiet();
        nint loaded = Libbpf.Open(path);
        try
        {
            Libbpf.Load(loaded, path);
            int program = Libbpf.Program(loaded, name);
            int sockets = Libbpf.Map(loaded, "fp_sockets");
            int link = Link(program, ifIndex, pins, refused, out bool native);
            string? pinned = pins != null && TryPin(link, sockets, pins) ? pins : null;
            return new XdpProgram(loaded, sockets, link, native, pinned);
        }
        catch
        {
            Libbpf.Close(loaded);
            throw;
        }
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

    /// <summary>Descriptor of another map of the program.</summary>
    public int Map(string name) => Libbpf.Map(_object, name);

    /// <summary>Detaches for good: removes the pins and closes the link.</summary>
    public void Remove()
    {
        if (_pins != null && Directory.Exists(_pins))
        {
            foreach (string file in Directory.GetFiles(_pins))
                File.Delete(file);
            Directory.Delete(_pins);
        }

        Dispose();
    }

    /// <summary>Closes our descriptors. What is pinned stays attached.</summary>
    public void Dispose()
    {
        Sys.Close(_link);
        Libbpf.Close(_object);
        GC.SuppressFinalize(this);
    }

    private static int Link(int program, int ifIndex, string? pins, KernelFeature refused, out bool native)
    {
        native = true;
        if (pins != null && Libbpf.Get(Path.Combine(pins, "link")) is >= 0 and int pinned)
        {
            // A link of an earlier run: swap the program under it, so that there is no moment without one.
            if (Libbpf.UpdateLink(pinned, program) == 0)
                return pinned;
            Sys.Close(pinned); // ENOLINK: its device is gone
        }

        if (!refused.HasFlag(KernelFeature.NativeXdp))
        {
            int link = Libbpf.AttachXdp(program, ifIndex, XDP_FLAGS_DRV_MODE);
            if (link >= 0)
                return link;
            if (link is not (-95 or -22)) // EOPNOTSUPP, EINVAL: the driver has no native XDP
                throw new XdpException($"attaching XDP to interface {ifIndex} (another program attached, queues, MTU?)", -link);
        }

        native = false;
        int generic = Libbpf.AttachXdp(program, ifIndex, XDP_FLAGS_SKB_MODE);
        return generic >= 0 ? generic : throw new XdpException($"attaching generic XDP to interface {ifIndex}", -generic);
    }

    private static bool TryPin(int link, int sockets, string pins)
    {
        try
        {
            Directory.CreateDirectory(pins);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        string linkPath = Path.Combine(pins, "link");
        string socketsPath = Path.Combine(pins, "sockets");
        File.Delete(socketsPath);
        if (Libbpf.Get(linkPath) is >= 0 and int existing)
        {
            Sys.Close(existing);
            return Libbpf.Pin(sockets, socketsPath) == 0;
        }

        File.Delete(linkPath);
        return Libbpf.Pin(link, linkPath) == 0 && Libbpf.Pin(sockets, socketsPath) == 0;
    }
}
