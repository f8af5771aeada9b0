using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>How the daemon uses the kernel; from its command line and /system.</summary>
/// <param name="Name">Name of this daemon: prefix of devices it makes. Two in one namespace need different ones.</param>
/// <param name="ProgramDirectory">Where the BPF object files lie.</param>
/// <param name="PinDirectory">Directory in a BPF file system for links and maps; null pins nothing.</param>
/// <param name="Refused">Features to do without.</param>
internal sealed record KernelOptions(string Name, string ProgramDirectory, string? PinDirectory, KernelFeature Refused)
{
    /// <summary>The device whose queues own packet memory (decision 0006).</summary>
    public string AnchorDevice => Name + "anchor";
}
