using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FastPath.Api;
using FastPath.Net;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/neighbors: who has which address on an interface, those resolved and those configured.</summary>
internal sealed class NeighborResource : ListedResource<NeighborConfig, NeighborView>
{
    public override string Name => "neighbors";

    public override string Singular => "static neighbor";

    public override string KeyTemplate => "{interface}/{address}";

    public override string[] Filters => ["interface"];

    public override bool TryReadKey(
        RouteValueDictionary route, out ObjectKey key, [NotNullWhen(false)] out FieldError? error)
    {
        bool isAddress = IpAddress.TryParse(Value(route, "address"), out IpAddress address, out string message);
        key = new ObjectKey(Value(route, "interface"), isAddress ? address.ToString() : "");
        error = isAddress ? null : new FieldError("/address", message);
        return isAddress;
    }

    public override IReadOnlyList<NeighborView> Views(IController controller) => controller.Neighbors();

    public override bool Matches(NeighborView view, string filter, string value) => view.Interface == value;

    protected override NeighborConfig Fill(NeighborConfig sent, ObjectKey key) =>
        sent with { Interface = Or(sent.Interface, key.First), Address = Or(sent.Address, key.Second!) };

    protected override IReadOnlyList<NeighborConfig> List(ConfigDocument config) => config.Neighbors;

    protected override ConfigDocument WithList(ConfigDocument config, IReadOnlyList<NeighborConfig> list) =>
        config with { Neighbors = list };

    protected override ObjectKey KeyOf(NeighborConfig config) => new(config.Interface, Canonical(config.Address));

    protected override ObjectKey KeyOf(NeighborView view) => new(view.Interface, view.Address);

    private static string Canonical(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address.ToString() : text;
}
