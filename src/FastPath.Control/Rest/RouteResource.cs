using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using FastPath.Api;
using FastPath.Net;
using Microsoft.AspNetCore.Routing;

namespace FastPath.Control.Rest;

/// <summary>
/// /api/v1/routes: routes, those configured and those that follow from addresses. A path names a prefix with "~" in
/// place of its slash: routes/10.0.0.0~8.
/// </summary>
internal sealed class RouteResource : ListedResource<RouteConfig, RouteView>
{
    public override string Name => "routes";

    public override string Singular => "configured route";

    public override string KeyTemplate => "{prefix}";

    public override bool TryReadKey(
        RouteValueDictionary route, out ObjectKey key, [NotNullWhen(false)] out FieldError? error)
    {
        // A client that escapes instead of replacing the slash is understood too.
        string text = Value(route, "prefix").Replace('~', '/').Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        bool isPrefix = IpPrefix.TryParse(text, out IpPrefix prefix, out string message);
        key = new ObjectKey(isPrefix ? prefix.ToString() : text);
        error = isPrefix ? null : new FieldError("/prefix", message);
        return isPrefix;
    }

    public override IReadOnlyList<RouteView> Views(IController controller) => controller.Routes();

    protected override RouteConfig Fill(RouteConfig sent, ObjectKey key) =>
        sent with { Prefix = Or(sent.Prefix, key.First) };

    protected override IReadOnlyList<RouteConfig> List(ConfigDocument config) => config.Routes;

    protected override ConfigDocument WithList(ConfigDocument config, IReadOnlyList<RouteConfig> list) =>
        config with { Routes = list };

    protected override ObjectKey KeyOf(RouteConfig config) => new(Canonical(config.Prefix));

    protected override ObjectKey KeyOf(RouteView view) => new(view.Prefix);

    private static string Canonical(string text) =>
        IpPrefix.TryParse(text, out IpPrefix prefix) ? prefix.ToString() : text;
}
