namespace Vprox.Lab.Cloud.Faults;

/// <summary>How IMDS misbehaves towards an instance.</summary>
/// <param name="DelayMs">How long every answer takes.</param>
/// <param name="Status">The HTTP status of every answer instead of the right one; null for none.</param>
public sealed record MetadataFault(int DelayMs = 0, int? Status = null);
