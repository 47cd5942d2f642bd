namespace Vprox.Lab.Topology;

/// <summary>The lab could not do what it was asked; the message says what and shows the end of the log concerned.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
