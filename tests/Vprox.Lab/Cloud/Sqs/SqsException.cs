namespace Vprox.Lab.Cloud.Sqs;

/// <summary>A refusal in SQS's words: the shape's name for JSON clients, the old query protocol's code beside it.</summary>
public sealed class SqsException(string type, string queryCode, string message) : Exception(message)
{
    public string Type { get; } = type;

    public string QueryCode { get; } = queryCode;
}
