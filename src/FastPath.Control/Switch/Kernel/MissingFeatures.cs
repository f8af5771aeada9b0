using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Says what a port does without, and what follows from it.</summary>
internal static class MissingFeatures
{
    private static readonly (KernelFeature Feature, string Consequence)[] s_sockets =
    [
        (KernelFeature.UnalignedChunks, "chunks of 4,096 bytes are used: more cache misses for each packet"),
        (KernelFeature.TxMetadata, "partial checksums are completed in software"),
        (KernelFeature.MultiBuffer, "frames longer than one chunk are dropped"),
        (KernelFeature.NeedWakeup, "nothing changes in copy mode"),
    ];

    /// <summary>Whether a feature is one that sockets get from the packet memory they share.</summary>
    public static bool IsOfSockets(KernelFeature feature)
    {
        foreach ((KernelFeature one, _) in s_sockets)
            if (one == feature)
                return true;
        return false;
    }

    public static IReadOnlyList<string> Of(FeatureGrants grants, XdpProgram program, HostFence? fence, KernelOptions options)
    {
        List<string> missing = [];
        foreach ((KernelFeature feature, string consequence) in s_sockets)
            if (grants.IsMissing(feature))
                missing.Add($"{SystemRules.NameOf(feature)}: {consequence}");
        if (!program.IsNative)
            missing.Add("nativeXdp: generic XDP is slower, and TCP over veth is not reliable with it");
        if (fence is { IsUp: false })
            missing.Add("hostFence: the host's stack gets some frames whenever the device goes down or up under load, and can send by it");
        if (!program.IsPinned)
            missing.Add(options.PinDirectory == null
                ? "pinning: off; when fastpathd dies, the host's stack gets the container's frames"
                : $"pinning: {options.PinDirectory} is no BPF file system; when fastpathd dies, the host's stack gets the container's frames");
        return missing;
    }
}
