using FastPath.Xdp.Interop;
using FastPath.Xdp.Netlink;

namespace FastPath.Xdp;

/// <summary>
/// What holds an XDP program on a device: a BPF link, which goes when its last descriptor or pin goes, or, where the kernel
/// has no links for XDP, the device itself.
/// </summary>
[Control]
internal sealed class ProgramAttachment
{
    private const uint XDP_FLAGS_UPDATE_IF_NOEXIST = 1 << 0;
    private const uint XDP_FLAGS_SKB_MODE = 1 << 1;
    private const uint XDP_FLAGS_DRV_MODE = 1 << 2;

    private readonly int _ifIndex;
    private readonly NetworkNamespace _home;

    private ProgramAttachment(int link, int ifIndex, KernelFeature granted)
    {
        Link = link;
        _ifIndex = ifIndex;
        _home = NetworkNamespace.Current();
        Granted = granted;
    }

    /// <summary>Descriptor of the link; -1 when attached by netlink.</summary>
    public int Link { get; }

    /// <summary>NativeXdp and BpfLink, where granted.</summary>
    public KernelFeature Granted { get; }

    /// <summary>A link of an earlier process; its mode is the one the device says.</summary>
    public static ProgramAttachment Adopted(int link, int ifIndex) => new(link, ifIndex, KernelFeature.BpfLink
        | (Libbpf.HasProgram(ifIndex, XDP_FLAGS_DRV_MODE) ? KernelFeature.NativeXdp : KernelFeature.None));

    /// <summary>Attaches a program to a device.</summary>
    /// <param name="program">Descriptor of the program.</param>
    /// <param name="ifIndex">Device.</param>
    /// <param name="pinnedLink">Link of an earlier process to this device: it gets the new program. -1 when there is none.</param>
    /// <param name="replace">By netlink, take the place of the program that is there.</param>
    /// <param name="refused">Features to do without.</param>
    public static ProgramAttachment Create(int program, int ifIndex, int pinnedLink, bool replace, KernelFeature refused)
    {
        if (pinnedLink >= 0)
        {
            if (Libbpf.UpdateLink(pinnedLink, program) == 0)
                return Adopted(pinnedLink, ifIndex);
            Sys.Close(pinnedLink); // ENOLINK: its device went just now
        }

        int result = -Errno.EINVAL;
        for (int attempt = 3; attempt >= 0; attempt--)
        {
            KernelFeature wanted = ((attempt & 2) != 0 ? KernelFeature.NativeXdp : 0)
                | ((attempt & 1) != 0 ? KernelFeature.BpfLink : 0);
            if ((wanted & refused) != 0)
                continue;
            result = TryAttach(program, ifIndex, wanted, replace, out int link);
            if (result == 0)
                return new ProgramAttachment(link, ifIndex, wanted);
            if (result is not (-Errno.EINVAL or -Errno.EOPNOTSUPP)) // these two: the kernel has no such links, or the driver no such mode
                break;
        }

        throw new XdpException(Describe(ifIndex, -result), -result);
    }

    /// <summary>What was attempted, and for an occupied device how to see by whom.</summary>
    private static string Describe(int ifIndex, int errno)
    {
        using Rtnetlink kernel = Rtnetlink.Open();
        string device = kernel.Links.Find(ifIndex)?.Name ?? $"interface {ifIndex}";
        return errno != Errno.EBUSY
            ? $"attaching XDP to {device} (queues, MTU?)"
            : $"attaching XDP to {device}: another XDP program is on it, see \"ip link show {device}\" and \"bpftool net\"; "
                + $"one that FastPath left is pinned below {BpfDirectory.Usual}, {BpfDirectory.Own} or its --bpffs";
    }

    /// <summary>Takes the program off the device.</summary>
    public void Detach()
    {
        if (Link < 0)
            _home.Run(() => Libbpf.DetachByNetlink(_ifIndex, Mode(Granted)));
    }

    /// <summary>Closes the link. Attached by netlink, the program goes too unless <paramref name="keep"/> says to leave it.</summary>
    public void Close(bool keep)
    {
        if (Link >= 0)
            Sys.Close(Link);
        else if (!keep)
            Detach();
        _home.Dispose();
    }

    private static int TryAttach(int program, int ifIndex, KernelFeature wanted, bool replace, out int link)
    {
        link = -1;
        if (!wanted.HasFlag(KernelFeature.BpfLink))
            return Libbpf.AttachByNetlink(program, ifIndex, Mode(wanted) | (replace ? 0 : XDP_FLAGS_UPDATE_IF_NOEXIST));
        int result = Libbpf.AttachLink(program, ifIndex, Libbpf.BPF_XDP, Mode(wanted));
        if (result < 0)
            return result;
        link = result;
        return 0;
    }

    private static uint Mode(KernelFeature wanted) =>
        wanted.HasFlag(KernelFeature.NativeXdp) ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE;
}
