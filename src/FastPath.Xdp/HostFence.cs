using System;
using System.IO;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>
/// Drops all between a dedicated port's device and the host's network stack, in both directions, by two tcx links. AF_XDP
/// frames do not come that way. It is there for the moments in which the device has no XDP program: veth takes it away
/// before it stops receiving when it goes down (drivers/net/veth.c, veth_disable_xdp). Pinned, it outlives the process.
/// </summary>
[Control]
public sealed class HostFence : IDisposable
{
    private const string IngressPin = "fence-in";
    private const string EgressPin = "fence-out";
    private const int None = -1;

    private nint _object;
    private int _ingress = None;
    private int _egress = None;

    private HostFence(nint loaded) => _object = loaded;

    /// <summary>Whether it stands; false where the kernel has no tcx links (before 6.6).</summary>
    public bool IsUp => _egress >= 0;

    /// <summary>Puts the fence up. Links of an earlier process to the same device are taken over.</summary>
    /// <param name="path">BPF object file.</param>
    /// <param name="ifIndex">Device, in the calling thread's network namespace.</param>
    /// <param name="pins">The port's directory in a BPF file system; null leaves the links unpinned.</param>
    /// <param name="refused">Features to do without.</param>
    /// <exception cref="XdpException">The kernel refused for another reason than having no tcx links.</exception>
    public static HostFence Attach(string path, int ifIndex, string? pins, KernelFeature refused)
    {
        if (refused.HasFlag(KernelFeature.HostFence))
            return new HostFence(0);
        HostFence fence = new(Libbpf.Open(path));
        try
        {
            int result = Libbpf.Load(fence._object);
            if (result != 0)
                throw new XdpException($"loading the BPF object {path} (CAP_BPF, CAP_NET_ADMIN?)", -result);
            if (pins != null && (refused.HasFlag(KernelFeature.Pinning) || !BpfPins.TryPrepare(pins)))
                pins = null;
            int program = Libbpf.Program(fence._object, "fp_fence");
            fence._ingress = Attach(program, ifIndex, Libbpf.BPF_TCX_INGRESS, PinIn(pins, IngressPin));
            if (fence._ingress >= 0)
                fence._egress = Attach(program, ifIndex, Libbpf.BPF_TCX_EGRESS, PinIn(pins, EgressPin));
            return fence;
        }
        catch
        {
            fence.Dispose();
            throw;
        }
    }

    /// <summary>Closes our descriptors. What is pinned stays up.</summary>
    public void Dispose()
    {
        Close(ref _ingress);
        Close(ref _egress);
        if (_object != 0)
            Libbpf.Close(_object);
        _object = 0;
    }

    private static string? PinIn(string? pins, string name) => pins == null ? null : Path.Combine(pins, name);

    /// <summary>A link to the device; -1 where the kernel has no such links.</summary>
    private static int Attach(int program, int ifIndex, int type, string? pin)
    {
        int link = pin == null ? None : Libbpf.Get(pin);
        if (link >= 0 && Libbpf.DeviceOfLink(link) == ifIndex && Libbpf.UpdateLink(link, program) == 0)
            return link;
        Close(ref link); // of another or a vanished device: the new pin takes its place
        link = Libbpf.AttachLink(program, ifIndex, type, flags: 0);
        if (link == -Errno.EINVAL)
            return None;
        if (link < 0)
            throw new XdpException("putting the fence between a device and the host's stack", -link);
        if (pin != null)
            _ = BpfPins.TryPin(link, pin); // refused: it goes with the process, as the XDP program does
        return link;
    }

    private static void Close(ref int link)
    {
        if (link >= 0)
            Sys.Close(link);
        link = None;
    }
}
