namespace Vprox.Contracts;

/// <summary>
/// The container has no path and, fail closed, reaches nothing outside its worker until it is stopped. WorkerAgent → scheduler,
/// exchange <c>vprox.container-refused</c>.
/// </summary>
public sealed record ContainerRefused
{
    /// <summary>The container, as it was sent.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The worker that refuses.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The proxy, as it was sent.</summary>
    public required string ProxyId { get; init; }

    /// <summary>For programs: one of <see cref="ContainerRefusedCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>For people: one sentence that says what to do about it.</summary>
    public required string Reason { get; init; }
}

/// <summary>The codes of <see cref="ContainerRefused.Code"/>.</summary>
public static class ContainerRefusedCode
{
    /// <summary>A field is missing or malformed.</summary>
    public const string InvalidRequest = "invalid-request";

    /// <summary>The event names another worker, or an address that no interface of this worker reaches.</summary>
    public const string ForeignContainer = "foreign-container";

    /// <summary>Another container of this worker has the address.</summary>
    public const string AddressInUse = "address-in-use";

    /// <summary>The proxy does not exist or is not ready.</summary>
    public const string UnknownProxy = "unknown-proxy";

    /// <summary>The proxy belongs to another workspace.</summary>
    public const string ForeignProxy = "foreign-proxy";

    /// <summary>No node answered for the address within the time allowed.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The node refused the connection.</summary>
    public const string ConnectRefused = "connect-refused";
}
