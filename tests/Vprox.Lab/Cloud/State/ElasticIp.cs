using System.Net;

namespace Vprox.Lab.Cloud.State;

/// <summary>A public address of the account, associated with at most one private address.</summary>
public sealed record ElasticIp
{
    public required string AllocationId { get; init; }

    public required IPAddress PublicAddress { get; init; }

    /// <summary>Null while it is associated with nothing.</summary>
    public Association? Association { get; init; }
}
