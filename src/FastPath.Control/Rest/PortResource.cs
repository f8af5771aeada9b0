using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/ports: devices and veths that belong to FastPath.</summary>
internal sealed class PortResource : NamedResource<PortConfig, PortView>
{
    public override string Name => "ports";

    public override string Singular => "port";

    public override IReadOnlyList<PortView> Views(IController controller)
    {
        List<PortView> views = [];
        foreach (PortView view in controller.Ports())
            if (view.Port != null)
                views.Add(view);
        return views;
    }

    protected override IReadOnlyDictionary<string, PortConfig> Map(ConfigDocument config) => config.Ports;

    protected override ConfigDocument WithMap(ConfigDocument config, IReadOnlyDictionary<string, PortConfig> map) =>
        config with { Ports = map };

    protected override string NameOf(PortView view) => view.Name;
}
