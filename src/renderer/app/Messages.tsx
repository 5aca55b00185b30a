import { IconButton } from '../controls/Button.tsx';
import { Icon } from '../controls/Icon.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** Short notices above the timeline, told to screen readers too. */
export function Messages() {
  const { ui } = useWorkbench();
  const messages = useStore(ui, state => state.messages);
  return (
    <div className="messages" role="status" aria-live="polite">
      {messages.map(({ id, kind, text }) => (
        <div key={id} className={`message ${kind}`}>
          <Icon name={kind === 'error' ? 'warning' : 'check'} />
          <span className="grow">{text}</span>
          <IconButton
            icon="close"
            tiny
            label="Dismiss"
            onClick={() =>
              ui.set(state => ({ ...state, messages: state.messages.filter(other => other.id !== id) }))
            }
          />
        </div>
      ))}
    </div>
  );
}
