using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/uplinks: devices that FastPath shares with the kernel.</summary>
internal sealed class UplinkResource : NamedResource<UplinkConfig, PortView>
{
    public override string Name => "uplinks";

    public override string Singular => "uplink";

    public override IReadOnlyList<PortView> Views(IController controller)
    {
        List<PortView> views = [];
        foreach (PortView view in controller.Ports())
            if (view.Uplink != null)
                views.Add(view);
        return views;
    }

    protected override IReadOnlyDictionary<string, UplinkConfig> Map(ConfigDocument config) => config.Uplinks;

    protected override ConfigDocument WithMap(ConfigDocument config, IReadOnlyDictionary<string, UplinkConfig> map) =>
        config with { Uplinks = map };

    protected override string NameOf(PortView view) => view.Name;
}
