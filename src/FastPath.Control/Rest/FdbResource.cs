using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FastPath.Api;
using FastPath.Net;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>/api/v1/fdb: forwarding database entries, those learned and those configured.</summary>
internal sealed class FdbResource : ListedResource<FdbConfig, FdbView>
{
    public override string Name => "fdb";

    public override string Singular => "static fdb entry";

    public override string KeyTemplate => "{bridge}/{mac}";

    public override string[] Filters => ["bridge", "port"];

    public override bool TryReadKey(
        RouteValueDictionary route, out ObjectKey key, [NotNullWhen(false)] out FieldError? error)
    {
        bool isMac = MacAddress.TryParse(Value(route, "mac"), out MacAddress mac, out string message);
        key = new ObjectKey(Value(route, "bridge"), mac.ToString());
        error = isMac ? null : new FieldError("/mac", message);
        return isMac;
    }

    public override IReadOnlyList<FdbView> Views(IController controller) => controller.Fdb();

    public override bool Matches(FdbView view, string filter, string value) =>
        (filter == "bridge" ? view.Bridge : view.Target) == value;

    protected override FdbConfig Fill(FdbConfig sent, ObjectKey key) =>
        sent with { Bridge = Or(sent.Bridge, key.First), Mac = Or(sent.Mac, key.Second!) };

    protected override IReadOnlyList<FdbConfig> List(ConfigDocument config) => config.Fdb;

    protected override ConfigDocument WithList(ConfigDocument config, IReadOnlyList<FdbConfig> list) =>
        config with { Fdb = list };

    protected override ObjectKey KeyOf(FdbConfig config) => new(config.Bridge, Canonical(config.Mac));

    protected override ObjectKey KeyOf(FdbView view) => new(view.Bridge, view.Mac);

    private static string Canonical(string text) =>
        MacAddress.TryParse(text, out MacAddress mac) ? mac.ToString() : text;
}
