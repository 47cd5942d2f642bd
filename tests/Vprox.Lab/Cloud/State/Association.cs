using System.Net;

namespace Vprox.Lab.Cloud.State;

/// <summary>An Elastic IP on a private address. The id changes with every AssociateAddress; a private address that is reassigned takes it along.</summary>
public sealed record Association(string Id, string NetworkInterfaceId, IPAddress PrivateAddress);
