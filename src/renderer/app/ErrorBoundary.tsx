import { Component, type ReactNode } from 'react';
import { Button } from '../controls/Button.tsx';

interface ErrorBoundaryProps {
  /** What failed, for the message. */
  readonly part: string;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly message: string | null;
}

/** Keeps a fault in one part of the window from taking the rest with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <div className="panel-fault" role="alert">
        <h2>{this.props.part} cannot be shown</h2>
        <p className="muted">A fault of the program: {message}. The run is not affected.</p>
        <Button small onClick={() => this.setState({ message: null })}>
          Try again
        </Button>
      </div>
    );
  }
}
