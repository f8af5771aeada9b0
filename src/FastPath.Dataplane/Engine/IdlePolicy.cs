namespace FastPath.Dataplane.Engine;

/// <summary>When a worker without packets goes to sleep.</summary>
/// <param name="SpinNanoseconds">
/// How long it looks at its rings before it sleeps. Short: on a veth the receive work runs on the sender's core, so
/// spinning on that same core only takes time from it.
/// </param>
[Shared]
public sealed record IdlePolicy(long SpinNanoseconds = 20_000);
