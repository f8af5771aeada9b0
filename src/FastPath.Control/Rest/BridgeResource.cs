using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/bridges: bridge domains.</summary>
internal sealed class BridgeResource : NamedResource<BridgeConfig, BridgeView>
{
    public override string Name => "bridges";

    public override string Singular => "bridge";

    public override IReadOnlyList<BridgeView> Views(IController controller) => controller.Bridges();

    protected override IReadOnlyDictionary<string, BridgeConfig> Map(ConfigDocument config) => config.Bridges;

    protected override ConfigDocument WithMap(ConfigDocument config, IReadOnlyDictionary<string, BridgeConfig> map) =>
        config with { Bridges = map };

    protected override string NameOf(BridgeView view) => view.Name;
}
