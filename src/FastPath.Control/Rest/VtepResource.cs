using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/vteps: local VXLAN tunnel end points.</summary>
internal sealed class VtepResource : NamedResource<VtepConfig, VtepView>
{
    public override string Name => "vteps";

    public override string Singular => "vtep";

    public override IReadOnlyList<VtepView> Views(IController controller) => controller.Vteps();

    protected override IReadOnlyDictionary<string, VtepConfig> Map(ConfigDocument config) => config.Vteps;

    protected override ConfigDocument WithMap(ConfigDocument config, IReadOnlyDictionary<string, VtepConfig> map) =>
        config with { Vteps = map };

    protected override string NameOf(VtepView view) => view.Name;
}
