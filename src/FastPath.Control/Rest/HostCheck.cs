using System;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace FastPath.Control.Rest;

/// <summary>
/// Refuses requests by TCP whose Host is not a loopback name. A web page whose name was made to resolve to 127.0.0.1
/// (DNS rebinding) makes the browser send them, with that page's name as Host. A unix socket is out of a browser's
/// reach.
/// </summary>
internal static class HostCheck
{
    public static Task Run(HttpContext http, RequestDelegate next) =>
        http.Connection.LocalIpAddress == null || IsLoopback(http.Request.Host.Host)
            ? next(http)
            : Problems.Write(http, ProblemKind.Forbidden,
                $"Host \"{http.Request.Host.Host}\" is not served: use localhost, 127.0.0.1 or [::1]");

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
