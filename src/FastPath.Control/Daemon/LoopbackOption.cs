using System.CommandLine.Parsing;
using System.Net;

namespace FastPath.Control.Daemon;

/// <summary>Reads --listen: an address of this host only, because the API has no passwords.</summary>
internal static class LoopbackOption
{
    public static IPEndPoint? Read(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        // A port must be given: without one IPEndPoint reads 0, which would be any.
        bool isAddress = IPEndPoint.TryParse(text, out IPEndPoint? address) && address.Port != 0;
        if (isAddress && IPAddress.IsLoopback(address!.Address))
            return address;
        result.AddError(isAddress
            ? $"--listen {text}: not a loopback address; the API has no passwords, so it is served on this host only"
            : $"--listen {text}: write address and port, such as 127.0.0.1:8080 or [::1]:8080");
        return null;
    }
}
