namespace Vprox.Lab.Cloud.State;

/// <summary>What RunInstances takes from a launch template when the request does not say it.</summary>
/// <param name="Id">E.g. lt-0123456789abcdef0.</param>
/// <param name="NetworkInterfaces">ENIs of an instance, all in the subnet that the request names.</param>
public sealed record LaunchTemplate(string Id, int NetworkInterfaces);
