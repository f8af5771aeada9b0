using System;
using System.Net.Sockets;
using FastPath.Api;

namespace FastPath.Cli.Output;

/// <summary>Sentences about what went wrong.</summary>
internal static class Failures
{
    /// <summary>Why fastpathd cannot be reached, where that was, and what to do.</summary>
    public static string Unreachable(FastPathEndpoint endpoint, Exception failure)
    {
        const string Where = "name it with --socket PATH or FASTPATH_SOCKET";
        bool isSocket = endpoint.SocketPath != null;
        string because = (failure.InnerException as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressNotAvailable when isSocket =>
                $"there is no such socket. Is it running? If it has another socket, {Where}",
            SocketError.ConnectionRefused when isSocket =>
                $"nobody listens at this socket. Is it running? If it has another socket, {Where}",
            SocketError.ConnectionRefused =>
                "nobody listens at this address. Is it running, with --listen? By its socket it can be reached without",
            SocketError.AccessDenied =>
                "permission denied. Be root, or in the group that the socket's file belongs to",
            _ => $"{(failure.InnerException ?? failure).Message}. Is it running?",
        };
        return $"fastpathd cannot be reached at {endpoint}: {because}";
    }

    /// <summary>What fastpathd refused: one line when there is one error that says all, else one for each besides.</summary>
    public static string Refused(Problem problem)
    {
        string detail = problem.Detail.Length > 0 ? problem.Detail : problem.Title;
        if (problem.Errors is [{ } only] && detail.EndsWith(only.Message, StringComparison.Ordinal))
            return $"fastpath: {(only.Path.Length == 0 && only.Line == null ? only.Message : only.ToString())}";
        string text = $"fastpath: {detail}";
        foreach (FieldError error in problem.Errors)
            text += $"\n  {error}";
        return text;
    }
}
