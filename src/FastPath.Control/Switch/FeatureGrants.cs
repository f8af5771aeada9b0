using FastPath.Xdp;

namespace FastPath.Control.Switch;

/// <summary>Optional kernel features that somebody asked for, and those of them that the kernel granted.</summary>
internal readonly record struct FeatureGrants(KernelFeature Asked, KernelFeature Granted)
{
    /// <summary>Of several that asked: granted when one of them has it.</summary>
    public static FeatureGrants operator |(FeatureGrants a, FeatureGrants b) => new(a.Asked | b.Asked, a.Granted | b.Granted);

    public bool IsMissing(KernelFeature feature) => Asked.HasFlag(feature) && !Granted.HasFlag(feature);
}
